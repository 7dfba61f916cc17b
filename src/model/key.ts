/**
 * What a queue message carries: where to look, never what happened.
 * `app/env` reconciles an environment, `app/env.instance` one of several that it has, `app/@images` follows the images of an application and
 * publishes `/trueup/<app>/status`.
 */
export type Key =
  | { readonly application: string; readonly environment: string }
  | { readonly application: string; readonly look: "images" };

export const environmentKey = (application: string, environment: string): string =>
  `${application}/${environment}`;

export const imagesKey = (application: string): string => `${application}/@images`;

/** The environment of a key, and which instance of it, where it names one: `env` or `env.instance`. */
export function instanceIn(environment: string): {
  readonly environment: string;
  readonly instance: string | undefined;
} {
  const [name = "", ...rest] = environment.split(".");
  return { environment: name, instance: rest.length === 0 ? undefined : rest.join(".") };
}

/** Undefined for text that is no key: a message that nobody can act on. */
export function parseKey(text: string): Key | undefined {
  const match = /^([a-z][a-z0-9-]{0,30})\/(?:@(images)|([a-z][a-z0-9.-]*))$/.exec(text);
  const [, application, look, environment] = match ?? [];
  if (application === undefined) return undefined;
  if (look === "images") return { application, look };
  return environment === undefined ? undefined : { application, environment };
}
