import { yamlData } from "../../compose/yaml-data.ts";
import type { Properties, Value } from "../../model/template.ts";
import { boolean, file, isMapping, object, type Read } from "../read.ts";
import type { Path, Report } from "../report.ts";
import type { Definition } from "./x-resource.ts";

const readMacros = object({
  FromFile: file,
  ValidateJson: boolean,
  MinimizeJson: boolean,
  IgnoreInvalidJson: boolean,
  ValidateYaml: boolean,
  RenderToJson: boolean,
  IgnoreInvalidYaml: boolean,
  EncodeToBase64: boolean,
});

type Macros = Read<typeof readMacros>;

/** `Value` of a parameter: what the file says it is, after what `MacroParameters` ask for. */
export function parameterValue(
  { given, path, properties }: Definition,
  report: Report,
): Properties {
  const at = [...path, "MacroParameters"];
  const macros = readMacros(given.MacroParameters ?? null, at, report) ?? {};
  const { FromFile } = macros;
  const value = properties.Value ?? FromFile;
  if (FromFile !== undefined && properties.Value !== undefined) {
    const message = "FromFile does nothing: Properties.Value says what the parameter holds";
    report.warn({ code: "overruled", path: [...at, "FromFile"], message });
  }
  if (value === undefined) {
    // A file that cannot be read has been told of.
    if (isMapping(given.MacroParameters) && "FromFile" in given.MacroParameters) return {};
    const help = "Or MacroParameters: {FromFile: path}.";
    report.error({ code: "missing-key", path, message: "Properties.Value is missing", help });
    return {};
  }
  const made = madeOf(value, macros, at, report);
  if (typeof made === "string") checkText(made, properties, path, report);
  return { Value: made };
}

function madeOf(value: Value, macros: Macros, path: Path, report: Report): Value {
  const steps = order.filter((key) => macros[key] === true);
  if (steps.length === 0) return value;
  if (typeof value === "object") {
    const message = `${steps.join(", ")} cannot be done: only CloudFormation knows what the value is`;
    report.error({ code: "wrong-type", path, message });
    return value;
  }
  return steps.reduce((text, key) => {
    const { make, word, ignored, proof } = forms[key];
    const made = make(text);
    if (made !== undefined) return made;
    const remark = {
      code: "wrong-type",
      path: [...path, key],
      message: `the value is not ${word}`,
    };
    const isIgnored = ignored !== undefined && macros[ignored] === true;
    // Who asks for no proof has the value as it is, as with ECS ComposeX.
    const isAsked = proof === undefined || macros[proof] === true;
    if (isIgnored || !isAsked) report.warn(remark);
    else report.error(remark);
    return text;
  }, String(value));
}

/** As they are done. */
const order = [
  "ValidateJson",
  "ValidateYaml",
  "RenderToJson",
  "MinimizeJson",
  "EncodeToBase64",
] as const;

interface Form {
  /** Undefined: the text is not of that form. */
  readonly make: (text: string) => string | undefined;
  readonly word: string;
  readonly ignored?: "IgnoreInvalidJson" | "IgnoreInvalidYaml";
  /** What asks for the proof that it is of that form. */
  readonly proof?: "ValidateJson" | "ValidateYaml";
}

const forms: Readonly<Record<(typeof order)[number], Form>> = {
  ValidateJson: {
    make: (text) => (json(text) === undefined ? undefined : text),
    word: "JSON",
    ignored: "IgnoreInvalidJson",
  },
  ValidateYaml: {
    make: (text) => (yamlData(text) === undefined ? undefined : text),
    word: "YAML",
    ignored: "IgnoreInvalidYaml",
  },
  RenderToJson: {
    make: (text) => {
      const read = yamlData(text);
      return read === undefined ? undefined : JSON.stringify(read.data);
    },
    word: "YAML",
    ignored: "IgnoreInvalidYaml",
    proof: "ValidateYaml",
  },
  MinimizeJson: {
    make: json,
    word: "JSON",
    ignored: "IgnoreInvalidJson",
    proof: "ValidateJson",
  },
  EncodeToBase64: { make: (text) => Buffer.from(text, "utf8").toString("base64"), word: "text" },
};

/** JSON without a space too many; undefined: the text is none. */
function json(text: string): string | undefined {
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** In bytes: of the standard tier, and of the other. */
const sizes = { standard: 4096, advanced: 8192 };

/** What Parameter Store would refuse. */
function checkText(text: string, { Tier }: Properties, path: Path, report: Report): void {
  if (/\{\{.*\}\}/s.test(text)) {
    const message = "the value has {{…}} in it, which Parameter Store refuses";
    const help = "Add MacroParameters: {EncodeToBase64: true}, and have the reader decode it.";
    report.error({ code: "refused-value", path, message, help });
  }
  const bytes = Buffer.byteLength(text, "utf8");
  const isBig = Tier === "Advanced" || Tier === "Intelligent-Tiering";
  const most = isBig ? sizes.advanced : sizes.standard;
  if (bytes <= most) return;
  const message = `the value has ${bytes} bytes, of ${most} that a parameter of its tier may have`;
  const help = isBig
    ? "Put it into x-s3, or split it."
    : "Add Properties: {Tier: Intelligent-Tiering}.";
  // An account may have another tier for what names none.
  const mayFit = Tier === undefined && bytes <= sizes.advanced;
  report[mayFit ? "warn" : "error"]({ code: "too-big", path, message, help });
}
