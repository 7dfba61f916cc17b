import { detailOf, type Hint, type Trigger, textOf } from "./trigger.ts";

/** A branch or a tag moved, or a pull request did: look at what follows it. Where to is read afresh. */
export const gitPush: Trigger = (event) => {
  const push = detailOf(event, "CodeCommit Repository State Change");
  if (push !== undefined) {
    const { referenceType: type } = push;
    return hint(push.repositoryName, type === "tag" ? "tag" : "branch", push.referenceName);
  }

  const pullRequest = detailOf(event, "CodeCommit Pull Request State Change");
  if (pullRequest === undefined || !Array.isArray(pullRequest.repositoryNames)) return undefined;
  const destination = textOf(pullRequest.destinationReference)?.replace(/^refs\/heads\//, "");
  return hint(pullRequest.repositoryNames[0], "branch", destination);
};

function hint(named: unknown, type: "branch" | "tag", reference: unknown): Hint | undefined {
  const repository = textOf(named);
  const name = textOf(reference);
  if (repository === undefined) return undefined;
  if (name === undefined) return { look: "repository", repository };
  return {
    look: "repository",
    repository,
    pushed: type === "tag" ? { tag: name } : { branch: name },
  };
}
