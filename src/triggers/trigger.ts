/** Reads the events of one source. An event that is another's reads as `undefined`. */
export type Trigger = (event: Event) => Hint | undefined;

/** An event as it comes in: some object, of which nothing else is known yet. */
export type Event = Readonly<Record<string, unknown>>;

/** Where to look again. Never what happened: that is for the looking to find out. */
export type Hint =
  | { readonly look: "repository"; readonly repository: string; readonly pushed?: Reference }
  | { readonly look: "application"; readonly application: string }
  | { readonly look: "images"; readonly repository: string }
  | { readonly look: "stack"; readonly name: string }
  | { readonly look: "key"; readonly key: string }
  /** And at all instances that it has. */
  | { readonly look: "environment"; readonly application: string; readonly environment: string }
  | { readonly look: "everything" };

type Reference = { readonly branch: string } | { readonly tag: string };

/** The `detail` of an EventBridge event of one type; undefined for any other event. */
export function detailOf(event: Event, detailType: string): Event | undefined {
  const { detail } = event;
  if (event["detail-type"] !== detailType) return undefined;
  return typeof detail === "object" && detail !== null ? (detail as Event) : undefined;
}

/** A value if it is text and says something. */
export const textOf = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? value : undefined;
