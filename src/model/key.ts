/**
 * What a queue message carries: where to look, never what happened.
 * `app/env` reconciles an environment, `app/@images` the images of an application, and
 * `app/@application` reads its `trueup.yaml` and publishes `/trueup/<app>/status`.
 */
export type Key =
  | { readonly application: string; readonly environment: string }
  | { readonly application: string; readonly look: "images" | "application" };

export const environmentKey = (application: string, environment: string): string =>
  `${application}/${environment}`;

export const imagesKey = (application: string): string => `${application}/@images`;

export const applicationKey = (application: string): string => `${application}/@application`;

/** Undefined for text that is no key: a message that nobody can act on. */
export function parseKey(text: string): Key | undefined {
  const match = /^([a-z][a-z0-9-]{0,30})\/(?:@(images|application)|([a-z][a-z0-9.-]*))$/.exec(text);
  const [, application, look, environment] = match ?? [];
  if (application === undefined) return undefined;
  if (look === "images" || look === "application") return { application, look };
  return environment === undefined ? undefined : { application, environment };
}
