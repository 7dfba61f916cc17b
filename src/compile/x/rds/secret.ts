import { getAtt, join, type Properties, ref, type Value } from "../../../model/template.ts";
import { asMapping } from "../../read.ts";
import type { Scope } from "../../scope.ts";
import { type Definition, kept } from "../x-resource.ts";

export const secretId = (id: string): string => `${id}Secret`;

export const connectionStringId = (id: string): string => `${id}ConnectionString`;

/** The keys of the secret: what is generated, and what the attachment adds of the database. */
export const secretKeys = [
  "dbClusterIdentifier",
  "dbInstanceIdentifier",
  "dbname",
  "engine",
  "host",
  "password",
  "port",
  "username",
] as const;

/** What says that a database is restored. */
export const snapshotKeys = ["SnapshotIdentifier", "DBSnapshotIdentifier"] as const;

/** Without punctuation, so that it can stand in a connection string as it is. */
export function secretOf({ id, path, properties }: Definition, { report }: Scope) {
  const [snapshot] = snapshotKeys.filter((key) => properties[key]);
  if (snapshot !== undefined && properties.MasterUsername === undefined) {
    const user = userOf(properties);
    const message = `the secret says ${user}, and a snapshot has the user that it was made with`;
    const at = [...path, "Properties", snapshot];
    report.warn({ code: "unknown-user", path: at, message, help: "Say it as MasterUsername." });
  }
  return {
    id: secretId(id),
    type: "AWS::SecretsManager::Secret",
    properties: {
      GenerateSecretString: {
        SecretStringTemplate: JSON.stringify({ username: userOf(properties) }),
        GenerateStringKey: "password",
        // Oracle takes no more.
        PasswordLength: 30,
        ExcludePunctuation: true,
      },
    },
    ...kept,
  };
}

/** Who the credentials are of, where the file does not say it. */
export const userOf = ({ MasterUsername: given }: Properties): string =>
  typeof given === "string" && given !== "" ? given : "dbadmin";

/** A key of a database's secret, resolved by CloudFormation as it makes what needs it. */
export const resolved = (id: string, key: string): Value =>
  join(["{{resolve:secretsmanager:", ref(secretId(id)), `:SecretString:${key}}}`]);

/** `engine://user:password@host:port/database` as a secret, once for all services that ask for it. */
export function connectionStringOf({ id, given, properties }: Definition, engine: string) {
  const services = Object.values(asMapping(given.Services));
  const isAsked = services.some(
    (wants) => asMapping(wants).GenerateConnectionStringSecret !== undefined,
  );
  if (!isAsked) return [];
  const database = databaseName(properties);
  return [
    {
      id: connectionStringId(id),
      type: "AWS::SecretsManager::Secret",
      properties: {
        SecretString: join([
          `${schemeOf(engine)}://`,
          resolved(id, "username"),
          ":",
          resolved(id, "password"),
          "@",
          getAtt(id, "Endpoint.Address"),
          ":",
          getAtt(id, "Endpoint.Port"),
          ...(database === undefined ? [] : ["/", database]),
        ]),
      },
      ...kept,
    },
  ];
}

/** The first database in it, where the file names one. */
export const databaseName = <T>({ DatabaseName, DBName }: Readonly<Record<string, T>>) =>
  DatabaseName ?? DBName;

const schemeOf = (engine: string): string =>
  engine.includes("postgres") ? "postgresql" : engine.replace(/^aurora-/, "");
