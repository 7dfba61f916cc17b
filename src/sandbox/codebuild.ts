import { takes } from "./inputs.ts";
import { AwsError, type Context, type Service } from "./world.ts";

interface Project {
  readonly name: string;
  readonly variables: readonly Variable[];
}

interface Variable {
  readonly name: string;
  readonly value: string;
  readonly type?: string;
}

interface Build {
  readonly id: string;
  readonly arn: string;
  readonly project: string;
  readonly number: number;
  readonly token: string | undefined;
  readonly startedAt: number;
  readonly variables: readonly Variable[];
  status: string;
  endedAt?: number;
}

interface CodeBuild {
  readonly projects: Record<string, Project>;
  readonly builds: Record<string, Build>;
}

const stateOf = (context: Context): CodeBuild =>
  context.world.stateOf("codebuild", context, () => ({ projects: {}, builds: {} }));

/**
 * CodeBuild without machines: a build of an existing project goes on for two minutes and ends as
 * the variable `SANDBOX_BUILD_STATUS` says, of the build or else of its project; else it succeeds.
 */
export const codebuild: Service = {
  name: "codebuild",
  operations: {
    BatchGetBuilds: takes<{ readonly ids?: readonly string[] }>(["ids"], batchGetBuilds),
    CreateProject: takes<CreateProjectInput>(
      ["artifacts", "environment", "name", "serviceRole", "source"],
      createProject,
    ),
    StartBuild: takes<StartBuildInput>(
      ["environmentVariablesOverride", "idempotencyToken", "projectName"],
      startBuild,
    ),
  },
  tasks: { end },
};

interface CreateProjectInput {
  readonly name: string;
  readonly artifacts?: unknown;
  readonly serviceRole?: string;
  readonly source?: unknown;
  readonly environment?: { readonly environmentVariables?: readonly Variable[] };
}

function createProject({ environment, name }: CreateProjectInput, context: Context) {
  const { projects } = stateOf(context);
  if (projects[name] !== undefined) {
    const message = `Project already exists: ${arnOf(context, `project/${name}`)}`;
    throw new AwsError("ResourceAlreadyExistsException", message);
  }
  projects[name] = { name, variables: environment?.environmentVariables ?? [] };
  return { project: { name, arn: arnOf(context, `project/${name}`) } };
}

const arnOf = ({ account, region }: Context, resource: string): string =>
  `arn:aws:codebuild:${region}:${account}:${resource}`;

interface StartBuildInput {
  readonly projectName: string;
  readonly idempotencyToken?: string;
  readonly environmentVariablesOverride?: readonly Variable[];
}

/** The same token within five minutes is the same build. */
const tokenMilliseconds = 300_000;
const buildMilliseconds = 120_000;

function startBuild(input: StartBuildInput, context: Context) {
  const { environmentVariablesOverride: variables = [], idempotencyToken: token } = input;
  const { builds, projects } = stateOf(context);
  const { world } = context;
  const project = projects[input.projectName];
  if (project === undefined) {
    const message = `Project cannot be found: ${arnOf(context, `project/${input.projectName}`)}`;
    throw new AwsError("ResourceNotFoundException", message);
  }
  const same = Object.values(builds).find(
    (build) =>
      token !== undefined &&
      build.token === token &&
      world.now - build.startedAt < tokenMilliseconds,
  );
  if (same !== undefined) return { build: shown(same) };
  const id = `${project.name}:${world.uuid()}`;
  const number = Object.values(builds).filter((one) => one.project === project.name).length + 1;
  const build: Build = {
    id,
    arn: arnOf(context, `build/${id}`),
    project: project.name,
    number,
    token,
    startedAt: world.now,
    variables: [...variables, ...project.variables],
    status: "IN_PROGRESS",
  };
  builds[id] = build;
  world.later(buildMilliseconds * world.tempo, "codebuild", "end", { id }, context);
  return { build: shown(build) };
}

function end({ id }: { readonly id: string }, context: Context): void {
  const build = stateOf(context).builds[id];
  if (build === undefined) return;
  const { world } = context;
  const asked = build.variables.find(({ name }) => name === "SANDBOX_BUILD_STATUS");
  build.status = asked?.value ?? "SUCCEEDED";
  build.endedAt = world.now;
  world.emit({
    "detail-type": "CodeBuild Build State Change",
    source: "aws.codebuild",
    account: context.account,
    region: context.region,
    resources: [build.arn],
    detail: {
      "build-status": build.status,
      "project-name": build.project,
      "build-id": build.arn,
      "additional-information": {
        environment: { "environment-variables": build.variables },
        "build-complete": true,
      },
      "current-phase": "COMPLETED",
      version: "1",
    },
  });
}

function batchGetBuilds({ ids = [] }: { readonly ids?: readonly string[] }, context: Context) {
  const { builds } = stateOf(context);
  const found = ids.map((id) => ({ id, build: builds[id] }));
  return {
    builds: found.flatMap(({ build }) => (build === undefined ? [] : [shown(build)])),
    buildsNotFound: found.flatMap(({ build, id }) => (build === undefined ? [id] : [])),
  };
}

const shown = (build: Build) => ({
  id: build.id,
  arn: build.arn,
  projectName: build.project,
  buildNumber: build.number,
  buildStatus: build.status,
  buildComplete: build.endedAt !== undefined,
  startTime: new Date(build.startedAt),
  ...(build.endedAt === undefined ? {} : { endTime: new Date(build.endedAt) }),
});
