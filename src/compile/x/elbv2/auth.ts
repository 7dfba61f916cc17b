import type { Data } from "../../../compose/project.ts";
import { join, type Properties } from "../../../model/template.ts";
import { boolean, integer, isMapping, mapOf, object, oneOf, text } from "../../read.ts";
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

const readCognito = object(
  { ...session, UserPoolArn: text, UserPoolClientId: text, UserPoolDomain: text },
  ["UserPoolArn", "UserPoolClientId", "UserPoolDomain"],
);

const readOidc = object(
  {
    ...session,
    AuthorizationEndpoint: text,
    ClientId: text,
    ClientSecret: text,
    Issuer: text,
    TokenEndpoint: text,
    UseExistingClientSecret: boolean,
    UserInfoEndpoint: text,
  },
  ["AuthorizationEndpoint", "ClientId", "Issuer", "TokenEndpoint", "UserInfoEndpoint"],
);

/** Who may pass a target's rule, by Cognito or by OpenID Connect: the actions before its forward. */
export function authenticationOf(
  target: Target,
  { protocol }: Listener,
  path: Path,
  scope: Scope,
): readonly Properties[] {
  const { AuthenticateCognitoConfig: cognito, AuthenticateOidcConfig: oidc } = target;
  const actions = [
    ...(cognito === undefined
      ? []
      : [fromCognito(cognito, [...path, "AuthenticateCognitoConfig"], scope)]),
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

function fromCognito(data: Data, path: Path, scope: Scope): Properties {
  const given = unquoted(data, path, scope.report);
  readCognito(given, path, scope.report);
  const AuthenticateCognitoConfig = propertiesOf(given, path, scope);
  return { Type: "authenticate-cognito", Order: 1, AuthenticateCognitoConfig };
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
