/** As much of Babel's path to a node as is asked for here. */
interface NodePath {
  readonly node: {
    readonly type: string;
    readonly value?: unknown;
    readonly quasis?: readonly { readonly value: { readonly raw: string } }[];
  };
}

/** Texts with a blank in them are for people: that one reads otherwise is no fault to look for. */
function shouldIgnore({ node }: NodePath): string | undefined {
  const { quasis = [], type, value } = node;
  const texts = type === "StringLiteral" ? [String(value)] : quasis.map((part) => part.value.raw);
  return texts.some((text) => text.includes(" ")) ? "a text for people" : undefined;
}

/** What Stryker looks for in a plugin. */
export const strykerPlugins = [{ kind: "Ignore", name: "messages", value: { shouldIgnore } }];
