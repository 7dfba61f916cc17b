import type { Answer, Context } from "../world.ts";
import { opened, type Repository, refusal } from "./repository.ts";

interface Template {
  readonly id: string;
  readonly name: string;
  readonly content: string;
  readonly created: number;
  /** Names of the repositories that it is of. */
  readonly repositories: readonly string[];
}

interface Named {
  readonly approvalRuleTemplateName?: string;
  readonly repositoryName?: string;
}

/** Templates of approval rules, and which repositories they are of. */
export const approvalRuleOperations: Readonly<Record<string, Answer>> = {
  CreateApprovalRuleTemplate: (
    input: Named & { readonly approvalRuleTemplateContent?: string },
    context,
  ) => {
    const name = input.approvalRuleTemplateName ?? "";
    if (templates(context)[name] !== undefined) {
      throw refusal("ApprovalRuleTemplateNameAlreadyExists", `${name} exists already`);
    }
    const content = input.approvalRuleTemplateContent ?? "";
    checkContent(content);
    const { world } = context;
    const made = { id: world.uuid(), name, content, created: world.now, repositories: [] };
    templates(context)[name] = made;
    return { approvalRuleTemplate: shown(made) };
  },

  GetApprovalRuleTemplate: (input: Named, context) => ({
    approvalRuleTemplate: shown(found(input, context)),
  }),

  AssociateApprovalRuleTemplateWithRepository: (input: Named, context) => {
    const { repository } = opened(input, context);
    const template = found(input, context);
    const of = [...new Set([...template.repositories, repository.name])];
    templates(context)[template.name] = { ...template, repositories: of };
    return undefined;
  },

  ListAssociatedApprovalRuleTemplatesForRepository: (input: Named, context) => {
    const { repository } = opened(input, context);
    return {
      approvalRuleTemplateNames: Object.values(templates(context))
        .filter(({ repositories }) => repositories.includes(repository.name))
        .map(({ name }) => name),
    };
  },
};

/** The templates whose rules a pull request to a branch gets. */
export const rulesFor = (
  { name }: Repository,
  destination: string,
  context: Context,
): readonly Template[] =>
  Object.values(templates(context)).filter(({ content, repositories }) => {
    const { DestinationReferences: references } = JSON.parse(content) as Content;
    const isOfBranch = references?.includes(destination) ?? true;
    return repositories.includes(name) && isOfBranch;
  });

interface Content {
  readonly DestinationReferences?: readonly string[];
  readonly Statements?: unknown;
}

const templates = ({ account, region, world }: Context): Record<string, Template> =>
  world.stateOf("codecommit-approval-rules", { account, region }, () => ({}));

function found({ approvalRuleTemplateName: name = "" }: Named, context: Context): Template {
  const template = templates(context)[name];
  if (template !== undefined) return template;
  throw refusal("ApprovalRuleTemplateDoesNotExist", `${name} does not exist`);
}

function checkContent(content: string): void {
  try {
    if (Array.isArray((JSON.parse(content) as Content).Statements)) return;
  } catch {
    // Said below.
  }
  throw refusal(
    "InvalidApprovalRuleTemplateContent",
    "The content is not that of an approval rule",
  );
}

const shown = ({ content, created, id, name }: Template) => ({
  approvalRuleTemplateId: id,
  approvalRuleTemplateName: name,
  approvalRuleTemplateContent: content,
  creationDate: new Date(created),
  lastModifiedDate: new Date(created),
});
