import type { Data } from "../../../compose/project.ts";
import { join, type Properties, ref, type Value } from "../../../model/template.ts";
import type { Layer } from "../../graph.ts";
import { boolean, integer, isMapping, mapOf, object, oneOf, orFunction, text } from "../../read.ts";
import type { Path, Report } from "../../report.ts";
import type { Scope } from "../../scope.ts";
import { propertiesOf } from "../../values.ts";
import type { Listener, Target } from "./listeners.ts";

const session = {
  AuthenticationRequestExtraParams: mapOf(text),
  OnUnauthenticatedRequest: oneOf("deny", "allow", "authenticate"),
  Scope: text,
  SessionCookieName: text,
  SessionTimeout: integer,
};

/** What CloudFormation works out is the same to it. */
const known = orFunction(text);

const pool = { ...session, UserPoolArn: known, UserPoolDomain: known };

const readCognito = object({ ...pool, UserPoolClientId: known }, [
  "UserPoolArn",
  "UserPoolClientId",
  "UserPoolDomain",
]);

/** Where the client is made here. */
const readPool = object(pool, ["UserPoolArn", "UserPoolDomain"]);

const readOidc = object(
  {
    ...session,
    AuthorizationEndpoint: known,
    ClientId: known,
    ClientSecret: text,
    Issuer: known,
    TokenEndpoint: known,
    UseExistingClientSecret: boolean,
    UserInfoEndpoint: known,
  },
  ["AuthorizationEndpoint", "ClientId", "Issuer", "TokenEndpoint", "UserInfoEndpoint"],
);

/** Who may pass a target's rule, by Cognito or by OpenID Connect: the actions before its forward. */
export function authenticationOf(
  target: Target,
  { protocol }: Listener,
  place: Place,
  scope: Scope,
): readonly Properties[] {
  const { path } = place;
  const { AuthenticateCognitoConfig: cognito, AuthenticateOidcConfig: oidc } = target;
  if (target.CreateCognitoClient !== undefined && cognito === undefined) {
    const message = "CreateCognitoClient needs AuthenticateCognitoConfig, which says of which pool";
    scope.report.error({ code: "missing-key", path, message });
  }
  const actions = [
    ...(cognito === undefined
      ? []
      : [fromCognito(cognito, target.CreateCognitoClient, place, scope)]),
    ...(oidc === undefined ? [] : [fromOidc(oidc, [...path, "AuthenticateOidcConfig"], scope)]),
  ];
  if (actions.length > 1) {
    const message = "Cognito and OpenID Connect cannot be asked both";
    scope.report.error({ code: "too-many", path, message });
  }
  if (actions.length > 0 && protocol !== "HTTPS") {
    const message = "only an HTTPS listener can ask who somebody is";
    const help = "Add Certificates to the listener.";
    scope.report.error({ code: "cannot-honour", path, message, help });
  }
  return actions;
}

/** A rule whose visitors are asked: where a client for it is made, and whom it is for. */
interface Place {
  readonly id: string;
  readonly layer: Layer;
  readonly hosts: readonly string[];
  readonly path: Path;
}

function fromCognito(data: Data, client: Data | undefined, place: Place, scope: Scope): Properties {
  const path = [...place.path, "AuthenticateCognitoConfig"];
  const given = unquoted(data, path, scope.report);
  const read = (client === undefined ? readCognito : readPool)(given, path, scope.report) ?? {};
  const AuthenticateCognitoConfig = {
    ...propertiesOf(given, path, scope),
    ...(client === undefined
      ? {}
      : { UserPoolClientId: addClient(client, read.UserPoolArn, place, scope) }),
  };
  return { Type: "authenticate-cognito", Order: 1, AuthenticateCognitoConfig };
}

/** Where load balancers take answers of a sign-in. */
const callback = "/oauth2/idpresponse";

/** `CreateCognitoClient`: the load balancer as a client of the pool, with properties of the file's own. */
function addClient(data: Data, poolArn: Data | undefined, place: Place, scope: Scope): Value {
  const path = [...place.path, "CreateCognitoClient"];
  const own = propertiesOf(data === true ? {} : data, path, scope);
  const UserPoolId = own.UserPoolId ?? /:userpool\/([\w-]+)$/.exec(String(poolArn))?.[1];
  const hosts = place.hosts.filter((host) => !/[*?]/.test(host));
  const urls = hosts.map((host) => `https://${host}${callback}`);
  if (UserPoolId === undefined) {
    const message = "UserPoolArn names no user pool";
    const help =
      "For example arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_a1B2c3.";
    scope.report.error({ code: "wrong-type", path: place.path, message, help });
  }
  if (own.CallbackURLs === undefined && urls.length === 0) {
    const message = "CallbackURLs is missing, and no host of the rule tells what it would be";
    const help = `For example [https://shop.example.com${callback}].`;
    scope.report.error({ code: "missing-key", path, message, help });
  }
  scope.add({
    id: place.id,
    type: "AWS::Cognito::UserPoolClient",
    layer: place.layer,
    properties: {
      // What a load balancer can do.
      AllowedOAuthFlows: ["code"],
      AllowedOAuthFlowsUserPoolClient: true,
      AllowedOAuthScopes: ["openid"],
      CallbackURLs: urls,
      GenerateSecret: true,
      SupportedIdentityProviders: ["COGNITO"],
      ...own,
      UserPoolId: UserPoolId ?? "",
    },
    path,
  });
  return ref(place.id);
}

function fromOidc(data: Data, path: Path, scope: Scope): Properties {
  const given = unquoted(data, path, scope.report);
  const read = readOidc(given, path, scope.report) ?? {};
  const AuthenticateOidcConfig = {
    ...propertiesOf(given, path, scope),
    ...clientSecret(read.ClientSecret, [...path, "ClientSecret"], scope.report),
  };
  return { Type: "authenticate-oidc", Order: 1, AuthenticateOidcConfig };
}

const secretArn = /^(arn:[\w-]+:secretsmanager:[^:]+:\d+:secret:[^:]+)(?::([^:]+))?(?:::)?$/;

/** An ARN, `arn:…:secret:name[:key]`, is what CloudFormation looks up as it makes the rule. */
function clientSecret(text: string | undefined, path: Path, report: Report): Properties {
  if (text === undefined) return {};
  const [, arn, key = ""] = secretArn.exec(text) ?? [];
  if (arn !== undefined)
    return { ClientSecret: join(["{{resolve:secretsmanager:", arn, `:SecretString:${key}}}`]) };
  const message = "this secret stands in the repository and in the template, for all to read";
  const help = "Keep it in Secrets Manager and write its ARN here: arn:…:secret:name[:key].";
  report.warn({ code: "plain-secret", path, message, help });
  return {};
}

/** `key": value` is read with its quote by every YAML reader, and meant without it by everybody. */
function unquoted(data: Data, path: Path, report: Report): Data {
  if (!isMapping(data)) return data;
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => {
      const at = [...path, key];
      const name = key.replace(/"$/, "");
      if (name !== key) {
        const message = `${key} has a quote at its end: ${name} is read`;
        report.warn({ code: "old-spelling", path: at, message });
      }
      return [name, unquoted(value, at, report)];
    }),
  );
}
