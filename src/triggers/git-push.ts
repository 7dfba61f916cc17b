import { detailOf, type Hint, type Trigger, textOf } from "./trigger.ts";

/** A branch moved, or a pull request did: look at what follows it. Where to is read afresh. */
export const gitPush: Trigger = (event) => {
  const push = detailOf(event, "CodeCommit Repository State Change");
  if (push !== undefined) {
    const branch = push.referenceType === "branch" ? push.referenceName : undefined;
    return hint(push.repositoryName, branch);
  }

  const pullRequest = detailOf(event, "CodeCommit Pull Request State Change");
  if (pullRequest === undefined || !Array.isArray(pullRequest.repositoryNames)) return undefined;
  const destination = textOf(pullRequest.destinationReference)?.replace(/^refs\/heads\//, "");
  return hint(pullRequest.repositoryNames[0], destination);
};

function hint(name: unknown, reference: unknown): Hint | undefined {
  const repository = textOf(name);
  const branch = textOf(reference);
  if (repository === undefined) return undefined;
  return { look: "repository", repository, ...(branch === undefined ? {} : { branch }) };
}
