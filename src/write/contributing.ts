import type { Application, Environment } from "../application/application.ts";
import { environmentsFollowing } from "../application/follow.ts";
import { composeFilesOf, hasComposeFiles, variablesOf } from "../application/inputs.ts";
import { load } from "../compose/load.ts";
import { pathText } from "../compose/project.ts";
import { type Change, contribute } from "../contribute/contribute.ts";
import { type Contribution, readContribution } from "../contribute/contribution.ts";
import { placed } from "../contribute/place.ts";
import { fetchApplication, fetchTip, readText, type Source } from "../desired/source.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import { digestOf } from "../model/digest.ts";
import { ConflictError, invalid } from "../model/errors.ts";
import type { Registration } from "../model/registration.ts";
import type { Ports } from "../ports/ports.ts";
import { type Edit, type WrittenBack, writeBack } from "./write-back.ts";

/** What an application's own repository hands over. */
interface Offer {
  readonly file: string;
  readonly text: string;
  /** The file of the compose repository that it goes to; else where its services are. */
  readonly to: string | undefined;
  readonly message: string | undefined;
}

/** `nothing`: all of it is there already. */
interface Accepted {
  readonly result: WrittenBack | { readonly kind: "nothing" };
  readonly changes: readonly (Change & { readonly file: string })[];
}

/** As often as the branch may move before this gives up. */
const mostTries = 5;

/**
 * Merges services into the compose repository, on top of the commit that was read. Throws a
 * TerminalError with every diagnostic where that cannot be done exactly, or would not load.
 */
export async function contributeTo(
  registration: Registration,
  offer: Offer,
  ports: Ports,
): Promise<Accepted> {
  const read = readContribution(offer.file, offer.text);
  if (read.kind === "failed") throw invalid("ContributionInvalid", read.diagnostics);
  const { contribution } = read;
  for (let tries = 1; ; tries += 1) {
    const tip = await fetchTip(registration, registration.branch, ports);
    const { application } = await fetchApplication(registration, tip, ports);
    const given = { application, contribution, offer, registration };
    const { changes, edit } = await mergedAt(tip, given, ports);
    if (edit.files.size === 0) return { result: { kind: "nothing" }, changes };
    const change = {
      registration,
      author: application.images.author,
      way: application.images.writeBack,
      prefix: `trueup/${application.name}/${branchName(contribution)}-`,
      id: digestOf(contribution.services),
      editAt: async (source: Source) => (await mergedAt(source, given, ports)).edit,
    };
    try {
      return { result: await writeBack(change, { tip, edit }, ports), changes };
    } catch (error) {
      if (!(error instanceof ConflictError) || tries >= mostTries) throw error;
    }
  }
}

/** The same for the same services, and the beginning of no others': a branch's name has an end. */
function branchName({ services }: Contribution): string {
  const names = Object.keys(services).sort();
  const shown = names.join("-").replace(/[^\w-]+/g, "-");
  return `contribution-${digestOf(names).slice(0, 8)}-${shown.slice(0, 100)}`;
}

interface Given {
  readonly application: Application;
  readonly contribution: Contribution;
  readonly offer: Offer;
  readonly registration: Registration;
}

async function mergedAt(
  source: Source,
  given: Given,
  ports: Ports,
): Promise<{ readonly edit: Edit; readonly changes: Accepted["changes"] }> {
  const { application, contribution, offer } = given;
  const exists = (path: string) => source.tree.has(path);
  const common = composeFilesOf(application, { compose: [] }, exists);
  const texts = new Map<string, string>();
  for (const path of offer.to === undefined ? common : [offer.to]) {
    const text = await readText(source, path, ports);
    if (text !== undefined) texts.set(path, text);
  }
  const places = placed(contribution, texts);
  if (places.kind === "refused")
    throw refusedAt(["services", places.service], places.reason, contribution);

  const files = new Map<string, string>();
  const changes: (Change & { readonly file: string })[] = [];
  for (const [path, names] of places.files) {
    const before = texts.get(path) ?? "";
    const some = names.map((name) => [name, contribution.services[name] ?? {}] as const);
    const services = Object.fromEntries(some);
    const merged = contribute(path, before, { ...contribution, services });
    if (merged.kind === "refused") throw invalid("ContributionRefused", merged.diagnostics);
    if (merged.text !== before) files.set(path, merged.text);
    changes.push(...merged.changes.map((change) => ({ ...change, file: path })));
  }
  await checkLoads(source, files, given, ports);
  return { edit: { files, message: messageOf(changes, given) }, changes };
}

function refusedAt(path: readonly string[], message: string, { positionOf }: Contribution) {
  const diagnostic: Diagnostic = {
    ...positionOf(path),
    severity: "error",
    code: "contribution",
    path: pathText(path),
    message,
    help: "",
  };
  return invalid("ContributionRefused", [diagnostic]);
}

/**
 * A merge that compose would not load is not made: nobody's next push should have to mend it. Nor is
 * one into a file that nobody reads.
 */
async function checkLoads(
  source: Source,
  edited: ReadonlyMap<string, string>,
  given: Given,
  ports: Ports,
): Promise<void> {
  if (edited.size === 0) return;
  const { application, contribution, registration } = given;
  const following = environmentsFollowing(application, { branch: registration.branch });
  const isThere = (path: string) => source.tree.has(path);
  const others = Object.values(application.environments)
    .filter((environment) => !following.includes(environment))
    .filter((environment) => hasComposeFiles(application, environment, isThere));
  const contents = new Map<string, string | undefined>();
  const textOf = async (path: string) => edited.get(path) ?? (await readText(source, path, ports));
  let isCertain = true;
  for (const environment of [...following, ...others]) {
    const loaded = await loadedAt(environment, { application, contents, isThere, textOf });
    if (loaded.kind !== "failed") continue;
    isCertain = false;
    // Environments that follow tags or other branches have other commits, and a say in those.
    if (following.includes(environment) || "environment" in environment.on)
      throw invalid("ContributionRefused", loaded.diagnostics);
  }
  const unread = [...edited.keys()].find((path) => !contents.has(path));
  if (isCertain && unread !== undefined)
    throw refusedAt(["services"], `is not read by any environment in ${unread}`, contribution);
}

interface Reading {
  readonly application: Application;
  /** Files that were asked for; undefined: not there. */
  readonly contents: Map<string, string | undefined>;
  readonly isThere: (path: string) => boolean;
  readonly textOf: (path: string) => Promise<string | undefined>;
}

async function loadedAt(
  environment: Environment,
  { application, contents, isThere, textOf }: Reading,
) {
  const inputs = {
    files: composeFilesOf(application, environment, isThere),
    projectDirectory: "",
    projectName: application.name,
    contents,
    variables: new Map(Object.entries(variablesOf(application.name, environment))),
    profiles: [],
    dialect: "composex" as const,
  };
  let loaded = load(inputs);
  while (loaded.kind === "needs") {
    for (const path of loaded.paths) contents.set(path, await textOf(path));
    loaded = load(inputs);
  }
  return loaded;
}

function messageOf(
  changes: Accepted["changes"],
  { contribution, offer }: Pick<Given, "contribution" | "offer">,
): string {
  const names = Object.keys(contribution.services).sort().join(", ");
  const subject = offer.message ?? `Take over ${names}`;
  const lines = changes.map(({ action, file, path }) => `${file}: ${action} ${path}`);
  return `${subject}\n\n${lines.join("\n")}\n`;
}
