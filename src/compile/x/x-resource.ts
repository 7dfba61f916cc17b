import type { Data } from "../../compose/project.ts";
import type { Target } from "../../model/bundle.ts";
import type { Answer } from "../../model/lookup.ts";
import type { Properties, Value } from "../../model/template.ts";
import type { Node } from "../graph.ts";
import type { Claim } from "../provenance.ts";
import type { Mapping } from "../read.ts";
import type { Path } from "../report.ts";
import type { ParameterName, Scope, Sole } from "../scope.ts";
import type { Family, Member } from "../services/family.ts";
import type { Values } from "./top-level-key.ts";

/** A kind of resource that services use: one module, one line in the registry. */
export interface XResource {
  readonly key: `x-${string}`;
  /**
   * What the logical ids of its resources end with. Another one for each type that they may be of:
   * CloudFormation makes no resource another type.
   */
  readonly suffix: string | ((given: Given) => string);
  /** What another value of is another resource, where other stacks than `base` hold on to it. */
  readonly createOnly?: (given: Given, scope: Scope) => Properties;
  /** What it reads of a definition beside `Properties` and `Services`. */
  readonly reads?: readonly ("MacroParameters" | "Scaling" | "Settings")[];
  /**
   * What services may be told. The first is what the variable with the resource's name holds.
   * Undefined: this one has no such value.
   */
  readonly returnValues: Readonly<Record<string, (id: string, given: Given) => Value | undefined>>;
  /** What ECS ComposeX calls return values, where that is no name of CloudFormation's. */
  readonly alsoCalled?: Readonly<Record<string, string>>;
  /**
   * Levels of access: exactly the actions a service may take, and on what. `scope.level` where
   * `Access` is a mapping.
   */
  readonly access: Readonly<Record<string, readonly Grant[]>>;
  /** The condition that all a service may do with it is under, where its `Access` asks for one. */
  readonly condition?: (access: Mapping) => Properties | undefined;
  /** The KMS key that whoever uses the resource has to use, too, as the file names it. */
  readonly encryptedWith?: (properties: Properties) => Value | undefined;
  /** The metric that tells how much work waits in it, where services may scale on that. */
  readonly waiting?: (values: Values) => Properties;
  /** The parameter of trueup.yaml that stands for every one of them, and for which value. */
  readonly parameter?: { readonly name: ParameterName; readonly value: string };
  /** What is looked for where a definition has `Lookup`, and what an answer looks like. */
  readonly lookup?: { readonly type: string; readonly standIn: (name: string, at: At) => Answer };
  /** The same where a lookup has several parts: what its `Lookup` finds. */
  readonly find?: (name: string, lookup: Data, scope: Scope) => Answer | undefined;
  /** Names below which early files have several of them, which are no names of one. */
  readonly groups?: readonly string[];
  /** Why no service is given anything of it, whatever its `Services` say. */
  readonly forNoService?: string;
  /** Keys of its own that it reads under `Services`, in `connect`. */
  readonly uses?: readonly string[];
  /** What services get beside variables and access. */
  readonly connect?: (connection: Connection, scope: Scope) => void;
  /** The resources of one definition, without their layer: all of it is in `base`. */
  readonly resources: (definition: Definition, scope: Scope) => readonly Made[];
}

/** One entry under `Services`, and whom it means. */
export interface Connection {
  readonly definition: Definition;
  readonly wants: Given;
  readonly members: readonly Member[];
  readonly families: ReadonlySet<Family>;
  readonly path: Path;
}

/** Where a stand-in would be. */
type At = Pick<Target, "account" | "region">;

/** A definition as the file has it. */
export type Given = Mapping;

/** Actions, and what they are allowed on: by default the resource itself. */
export interface Grant {
  readonly actions: readonly string[];
  readonly on?: (arn: Value) => readonly Value[];
}

/** One entry under a kind's key. */
export interface Definition {
  readonly name: string;
  readonly id: string;
  readonly path: Path;
  readonly properties: Properties;
  readonly given: Given;
  /** What is there already, where nothing is made. */
  readonly found?: Answer | undefined;
}

type Made = Omit<Node, "layer" | "origin"> & Pick<Claim, "written"> & Sole;

/** Actions on the resource itself: what most levels of access are. */
export const on = (...actions: readonly string[]): readonly Grant[] => [{ actions }];

/** What becomes of a resource that holds data when it leaves the file: it stays. */
export const kept = {
  deletionPolicy: "RetainExceptOnCreate",
  updateReplacePolicy: "Retain",
} as const;
