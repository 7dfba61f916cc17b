import type { Properties, Template } from "../cloudformation/state.ts";
import type { Scope } from "../cloudformation/templates/evaluate.ts";
import type { Principal, World } from "../world.ts";

/** A template with the globals that SAM gives to each function. */
export interface SamTemplate extends Template {
  readonly Globals?: { readonly Function?: Properties };
}

/** A template on its way into a world. */
export interface Installation {
  readonly world: World;
  readonly principal: Principal;
  readonly scope: Scope;
  readonly template: SamTemplate;
}
