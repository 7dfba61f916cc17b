/**
 * What a queue message carries: where to look, never what happened.
 * `app/env` reconciles an environment, `app/@images` follows the images of an application and
 * publishes `/trueup/<app>/status`.
 */
export type Key =
  | { readonly application: string; readonly environment: string }
  | { readonly application: string; readonly look: "images" };

export const environmentKey = (application: string, environment: string): string =>
  `${application}/${environment}`;

export const imagesKey = (application: string): string => `${application}/@images`;

/** Undefined for text that is no key: a message that nobody can act on. */
export function parseKey(text: string): Key | undefined {
  const match = /^([a-z][a-z0-9-]{0,30})\/(?:@(images)|([a-z][a-z0-9.-]*))$/.exec(text);
  const [, application, look, environment] = match ?? [];
  if (application === undefined) return undefined;
  if (look === "images") return { application, look };
  return environment === undefined ? undefined : { application, environment };
}
