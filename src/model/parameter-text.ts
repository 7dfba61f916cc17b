/**
 * Any value as JSON that Parameter Store takes: it refuses `{{`, which would nest another parameter.
 * Only texts have two braces side by side, and inside one the first can be written as its code.
 */
export const parameterText = (value: unknown): string =>
  JSON.stringify(value).replace(/\{(?=\{)/g, "\\u007b");
