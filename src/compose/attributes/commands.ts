import type { Attribute, Attributes, Context, Merge } from "../attribute.ts";
import { leaf, list, type Tree, textOf } from "../tree.ts";

const replaced: Merge = (_, over) => over;

const command: Attribute = { merge: replaced, form: words };

/** What is run: replaced as a whole, a text split into words as a shell would. */
export const commands: Attributes = {
  "services.*.command": command,
  "services.*.entrypoint": command,
  "services.*.post_start.*.command": { form: words },
  "services.*.pre_stop.*.command": { form: words },
  "services.*.develop.watch.*.exec.command": { form: words },
  "services.*.healthcheck.test": {
    merge: replaced,
    form: (tree) => {
      const text = textOf(tree);
      if (text === undefined) return tree;
      return list(tree, [leaf(tree, "CMD-SHELL"), leaf(tree, text)]);
    },
  },
};

function words(tree: Tree, { path, report }: Context): Tree {
  const text = textOf(tree);
  if (text === undefined) return tree;
  const split = shellWords(text);
  if (split === undefined)
    report.error(tree, path, {
      code: "invalid-value",
      message: `${JSON.stringify(text)} has a quote or parenthesis that is not closed`,
      help: "write the command as a list",
    });
  return list(
    tree,
    (split ?? []).map((word) => leaf(tree, word)),
  );
}

interface Splitting {
  readonly words: string[];
  word: string;
  /** A word has begun, though it may be empty: `""`. */
  begun: boolean;
  quote: "none" | "single" | "double" | "backquote" | "dollar";
  escaped: boolean;
}

/**
 * A command line's words as the reference finds them: quotes and backslashes, no variables, and
 * everything from an unquoted `;`, `&`, `|`, `<` or `>` on is dropped. Undefined: not closed.
 */
function shellWords(line: string): readonly string[] | undefined {
  const state: Splitting = { words: [], word: "", begun: false, quote: "none", escaped: false };
  for (const char of line) {
    const next = step(state, char);
    if (next === "invalid") return undefined;
    if (next === "end") break;
  }
  if (state.begun) state.words.push(state.word);
  return state.escaped || state.quote !== "none" ? undefined : state.words;
}

function step(state: Splitting, char: string): "on" | "end" | "invalid" {
  if (state.escaped) return take(state, char, false);
  if (char === "\\" && state.quote !== "single") {
    state.escaped = true;
    return "on";
  }
  if (/[ \t\r\n]/.test(char)) return space(state, char);
  if (char === "(" && (state.quote === "none" || state.quote === "dollar")) return opening(state);
  const toggled = toggles[char];
  if (toggled !== undefined && (state.quote === "none" || state.quote === toggled))
    return toggle(state, char, toggled);
  if (state.quote === "none" && ";&|<>".includes(char)) return ending(state, char);
  return take(state, char, false);
}

const toggles: Readonly<Record<string, Splitting["quote"]>> = {
  "'": "single",
  '"': "double",
  "`": "backquote",
  ")": "dollar",
};

function take(state: Splitting, char: string, escaped: boolean): "on" {
  state.word += char;
  state.begun = true;
  state.escaped = escaped;
  return "on";
}

function space(state: Splitting, char: string): "on" {
  if (state.quote !== "none") {
    state.word += char;
    return "on";
  }
  if (state.begun) state.words.push(state.word);
  state.word = "";
  state.begun = false;
  return "on";
}

function toggle(state: Splitting, char: string, quote: Splitting["quote"]): "on" {
  const closing = state.quote === quote;
  state.quote = closing ? "none" : quote;
  if (quote === "backquote" || quote === "dollar") return take(state, char, false);
  state.begun ||= closing;
  return "on";
}

function opening(state: Splitting): "on" | "invalid" {
  if (state.quote === "dollar" || !state.word.endsWith("$")) return "invalid";
  state.quote = "dollar";
  state.word += "(";
  return "on";
}

/** `2>` is a redirection of a descriptor, not an argument 2. */
function ending(state: Splitting, char: string): "end" {
  if (char === ">" && /^[0-9]/.test(state.word)) state.begun = false;
  return "end";
}
