import { requestLeaves } from "../model/requests.ts";
import { detailOf, type Trigger, textOf } from "./trigger.ts";

/**
 * Somebody asked for something, or registered an application. The controller's own `status` is no
 * request: reading it as one would have every pass call for the next.
 */
export const parameterChange: Trigger = (event) => {
  const name = textOf(detailOf(event, "Parameter Store Change")?.name);
  const [empty, root, application = "", ...rest] = name?.split("/") ?? [];
  const [environment = "", leaf = ""] = rest;
  if (empty !== "" || root !== "trueup" || application === "") return undefined;

  if (rest.length === 1 && environment === "registration")
    return { look: "application", application };
  if (rest.length !== 2 || !requestLeaves.some((known) => known === leaf)) return undefined;
  return { look: "environment", application, environment };
};
