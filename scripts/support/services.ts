/** How many services a task family of the benchmark has. */
const perFamily = 5;

/** A compose file of `count` services as people write them, in families, with what they use. */
export function composeOf(count: number): string {
  const families = Math.ceil(count / perFamily);
  return [
    "services:",
    ...range(count).map((at) => serviceOf(at, Math.floor(at / perFamily))),
    "volumes:",
    ...range(families).map((family) => `  scratch-${family}: {}`),
    "secrets:",
    ...range(families).map((family) => secretOf(family)),
    "x-sqs:",
    ...range(families).map((family) => queueOf(family)),
    "x-cloudmap: { private: { Name: bench.internal } }",
    "",
  ].join("\n");
}

const range = (count: number): readonly number[] => Array.from({ length: count }, (_, at) => at);

const nameOf = (at: number): string => `service-${at}`;

function serviceOf(at: number, family: number): string {
  const isFirst = at % perFamily === 0;
  const first = nameOf(family * perFamily);
  return `  ${nameOf(at)}:
    image: 123456789012.dkr.ecr.eu-west-1.amazonaws.com/team-${family}/${nameOf(at)}:1.${at}.0@sha256:${`${at}`.padStart(64, "a")}
    command:
      - serve
      - --port
      - "${portOf(at)}"
      - --workers
      - "4"
    environment:
      LOG_LEVEL: \${LOG_LEVEL:-info}
      SERVICE_NAME: ${nameOf(at)}
      DATABASE_URL: postgres://db.bench.internal:5432/team_${family}
      CACHE_URL: redis://cache.bench.internal:6379/${at}
      FEATURE_FLAGS: "search,checkout,recommendations"
      TIMEOUT_SECONDS: "30"
      MAX_CONNECTIONS: "${10 + at}"
      METRICS: "true"
    ports:
      - "${portOf(at)}:${portOf(at)}"
    healthcheck:
      test: ["CMD", "curl", "-f", "http://localhost:${portOf(at)}/health"]
      interval: 10s
      timeout: 5s
      retries: 3
      start_period: 20s
    volumes:
      - scratch-${family}:/var/scratch
    secrets:
      - credentials-${family}
    stop_grace_period: 30s
    user: "1000:1000"
    working_dir: /srv/app
    ulimits:
      nofile:
        soft: 4096
        hard: 8192
    labels:
      team: team-${family}
      tier: backend
      cost-centre: "${1000 + family}"
    deploy:
      labels:
        ecs.task.family: family-${family}
      resources:
        limits:
          cpus: "0.25"
          memory: 512M
        reservations:
          memory: 256M${isFirst ? ofFamily(family) : after(first)}`;
}

const portOf = (at: number): number => 8000 + (at % perFamily);

const after = (name: string): string => `
    depends_on:
      ${name}:
        condition: service_healthy`;

const ofFamily = (family: number): string => `
      replicas: 2
    x-scaling:
      Range: 2-10
      TargetScaling: { CpuTarget: 60, MemoryTarget: 75 }
    x-network: { x-cloudmap: private, Ingress: { ExtSources: [{ IPv4: 10.${family % 256}.0.0/16, Name: office }] } }
    x-iam:
      Policies:
        - PolicyName: Metrics
          PolicyDocument:
            Version: "2012-10-17"
            Statement: [{ Effect: Allow, Action: cloudwatch:PutMetricData, Resource: "*" }]
    x-logging: { RetentionInDays: 30 }`;

const secretOf = (family: number): string =>
  `  credentials-${family}: { x-secrets: { Name: /bench/team-${family}, JsonKeys: [{ SecretKey: password, VarName: PASSWORD_${family} }] } }`;

const queueOf = (family: number): string => `  jobs-${family}:
    Properties:
      VisibilityTimeout: 60
      RedrivePolicy: { deadLetterTargetArn: jobs-${family}-dead, maxReceiveCount: 3 }
    Services: { family-${family}: { Access: RWMessages } }
  jobs-${family}-dead:
    Properties: { MessageRetentionPeriod: 1209600 }`;
