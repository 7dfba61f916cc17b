import { describe, expect, test } from "vitest";
import { errorsOf, graphOf, nodesOf, only, saidOf } from "./from-text.ts";

const arn = "arn:aws:acm:eu-west-1:123456789012:certificate/11111111-2222-3333-4444-555555555555";
const certificate = `Certificates: [{ CertificateArn: "${arn}" }]`;

/** A service with a load balancer before it: what a test says of the balancer comes last. */
const balanced = (lines: string, type = "application"): string => `
services:
  web: { image: "web:1", ports: ["80", "53/udp"] }
x-vpc: { Properties: { SingleNat: true } }
x-elbv2:
  lb:
    Properties: { Type: ${type} }
    MacroParameters: { Ingress: { ExtSources: [{ IPv4: 0.0.0.0/0, Name: any }] } }
${lines.replaceAll(/^/gm, "    ")}
`;

const target = (settings: string, more = ""): string =>
  balanced(
    `Listeners: [{ Port: 80, Targets: [{ name: "web:web:80", access: /${more} }] }]\nServices: { "web:web:80": { ${settings} } }`,
  );

test("a target without a name is one error, and may be any of the services", () => {
  const text = balanced(
    'Listeners: [{ Port: 80, Targets: [{ access: / }] }]\nServices: { "web:web:80": {} }',
  );
  expect(errorsOf(text)).toEqual([
    "missing-key x-elbv2.lb.Listeners[0].Targets[0]: name is missing",
  ]);
});

test("on the internet is told where no public subnets are given", () => {
  const text = target("").replace(
    "Type: application",
    "Type: application, Scheme: internet-facing",
  );
  const given = { VpcId: "vpc-1", AppSubnets: "subnet-1,subnet-2" };
  const said = (parameters: Readonly<Record<string, string>>) =>
    saidOf(text.replace(/x-vpc: .*/, ""), { settings: { parameters } });
  const warning = "warning not-public x-elbv2.lb";
  expect(said(given)).toContain(warning);
  expect(said({ ...given, PublicSubnets: "subnet-3,subnet-4" })).not.toContain(warning);
});

describe("a health check", () => {
  test.for([
    ['healthcheck: "80:HTTP:1:3:10:5:/"', "beyond what is taken"],
    ['healthcheck: "80:HTTP:2:3:5:5:/"', "waiting as long as it pauses"],
    ['healthcheck: "80:TCP"', "in a protocol that the load balancer does not check in"],
    ["healthcheck: { HealthCheckPaht: / }", "with a key that nobody knows"],
    ["healthcheck: { HealthCheckPort: '-5' }", "at what is no port"],
    ["healthcheck: nonsense", "that is none"],
  ])("is refused: %s", ([settings]) => {
    expect(saidOf(target(settings ?? ""))).toEqual([
      expect.stringMatching(/^error .* x-elbv2\.lb\.Services\.web:web:80\.healthcheck/),
    ]);
  });

  test("that pauses shortly waits less than that", () => {
    const graph = graphOf(target("healthcheck: { HealthCheckIntervalSeconds: 5 }"));
    expect(only(graph, targetGroup).HealthCheckTimeoutSeconds).toBe(4);
  });

  test("asks over TLS where requests come over TLS", () => {
    expect(only(graphOf(target("protocol: HTTPS")), targetGroup).HealthCheckProtocol).toBe("HTTPS");
  });
});

describe("a deployment", () => {
  test("that will take long is said to", () => {
    const delay = 'TargetGroupAttributes: { deregistration_delay.timeout_seconds: "300" }';
    expect(saidOf(target(delay))).toEqual([
      "warning slow-deployment x-elbv2.lb.Services.web:web:80",
    ]);
    expect(saidOf(target(""))).toEqual([]);
  });

  test.for([
    ["", 60],
    ["healthcheck: { test: [CMD, ok], start_period: 2m }, ", 120],
  ])("waits for a slow start: %s", ([check, seconds]) => {
    const text = target("").replace('ports: ["80"', `${check}ports: ["80"`);
    expect(only(graphOf(text), "AWS::ECS::Service").HealthCheckGracePeriodSeconds).toBe(seconds);
  });
});

describe("a target", () => {
  test("has a priority that a listener takes", () => {
    expect(saidOf(target("", ", Priority: 50001"))).toEqual([
      "error out-of-bounds x-elbv2.lb.Listeners[0].Targets[0].Priority",
    ]);
  });

  test("that asks for what another asks for is refused, whomever it leads to", () => {
    const lines = `Listeners: [{ Port: 80, Targets: [{ name: "web:web:80", access: /a }, { name: "web:web:81", access: /a }] }]
Services: { "web:web:80": {}, "web:web:81": {} }`;
    expect(saidOf(balanced(lines))).toContain(
      "error same-priority x-elbv2.lb.Listeners[0].Targets[1]",
    );
  });

  test("of one priority with another is refused", () => {
    const lines = `Listeners: [{ Port: 80, Targets: [{ name: "web:web:80", access: /a, Priority: 1 }, { name: "web:web:80", access: /b, Priority: 1 }] }]
Services: { "web:web:80": {} }`;
    expect(saidOf(balanced(lines))).toEqual([
      "error same-priority x-elbv2.lb.Listeners[0].Targets[1]",
    ]);
  });

  const several = (name: string): string =>
    balanced(
      `Listeners: [{ Port: 80, Targets: [{ name: "${name}", access: / }, { name: "web:web:81", access: /b }] }]
Services: { "web:web:80": {}, "web:web:81": {} }`,
    );

  test("may go without its port where it has one only", () => {
    expect(saidOf(several("web:web:80"))).toEqual([]);
    expect(saidOf(several("web:web"))).toContain(
      "error ambiguous x-elbv2.lb.Listeners[0].Targets[0]",
    );
  });

  test.for(["web:web:82", "web:we"])("is none of the services as %s", (name) => {
    expect(saidOf(several(name))).toContain(
      "error unknown-service x-elbv2.lb.Listeners[0].Targets[0]",
    );
  });

  test("has the port of its name, and another is said not to be used", () => {
    expect(saidOf(target("port: 80"))).toEqual([]);
    expect(saidOf(target("port: 81"))).toEqual([
      "warning overruled x-elbv2.lb.Services.web:web:80",
    ]);
  });

  test("has its port mapped, whether or not compose names it", () => {
    const text = target("").replace('ports: ["80", "53/udp"]', "expose: [81]");
    const [container] = only(graphOf(text), "AWS::ECS::TaskDefinition").ContainerDefinitions;
    const ports = container.PortMappings.map(
      (mapping: { ContainerPort: number }) => mapping.ContainerPort,
    );
    expect(ports).toEqual([81, 80]);
  });

  test.for(["protocol: TCP", "ProtocolVersion: HTTP9"])("cannot be sent %s", (settings) => {
    expect(saidOf(target(settings))).toEqual([
      expect.stringMatching(/^error unknown-value x-elbv2\.lb\.Services\.web:web:80/),
    ]);
  });
});

describe("who comes in", () => {
  const oidc = (secret: string, listener = certificate): string =>
    balanced(`Listeners:
  - Port: 443
    ${listener}
    Targets:
      - name: web:web:80
        access: /
        AuthenticateOidcConfig: { Issuer: i, AuthorizationEndpoint: a, TokenEndpoint: t, UserInfoEndpoint: u, ClientId: c, ${secret} }
Services: { "web:web:80": {} }`);
  const at = "x-elbv2.lb.Listeners[0].Targets[0]";

  test("is asked over HTTPS only", () => {
    const secret = "ClientSecret: arn:aws:secretsmanager:eu-west-1:1:secret:s";
    expect(saidOf(oidc(secret, ""))).toEqual([`error cannot-honour ${at}`]);
    expect(saidOf(oidc(secret))).toEqual([]);
  });

  test("a secret in the file is said aloud", () => {
    expect(saidOf(oidc("ClientSecret: swordfish"))).toEqual([
      `warning plain-secret ${at}.AuthenticateOidcConfig.ClientSecret`,
    ]);
  });

  test("a key with a quote left at its end is read as it is meant", () => {
    const text = oidc('ClientSecret: s, Scope": email');
    expect(saidOf(text)).toContain(`warning old-spelling ${at}.AuthenticateOidcConfig.Scope"`);
    const [action] = only(graphOf(text), rule).Actions;
    expect(action.AuthenticateOidcConfig.Scope).toBe("email");
  });
});

describe("a network load balancer", () => {
  const network = (listener: string, settings = "protocol: TCP"): string =>
    balanced(
      `Listeners: [{ Port: 80, ${listener} }]\nServices: { "web:web:80": { ${settings} } }`,
      "network",
    );

  test.for([
    ["a listener without a target", "Protocol: TCP", "missing-key"],
    [
      "default actions",
      'Targets: [{ name: "web:web:80" }], DefaultActions: [{ Redirect: HTTP_TO_HTTPS }]',
      "cannot-honour",
    ],
    [
      "conditions",
      'Targets: [{ name: "web:web:80", Conditions: [{ Field: source-ip }] }]',
      "cannot-honour",
    ],
    [
      "another protocol than its target's",
      'Protocol: UDP, Targets: [{ name: "web:web:80" }]',
      "unknown-value",
    ],
  ])("does not take %s", ([, listener = "", code]) => {
    expect(saidOf(network(listener))).toContainEqual(
      expect.stringContaining(`error ${code} x-elbv2.lb.Listeners[0]`),
    );
  });

  test("says that it has no rules", () => {
    expect(saidOf(network('Targets: [{ name: "web:web:80", access: /api }]'))).toEqual([
      "warning no-effect x-elbv2.lb.Listeners[0].Targets[0]",
    ]);
  });

  test("opens UDP for what comes as UDP", () => {
    const text = network('Protocol: UDP, Targets: [{ name: "web:web:80" }]', "protocol: UDP");
    const rules = nodesOf(graphOf(text), "AWS::EC2::SecurityGroupIngress");
    const opened = rules.map(({ properties }) => properties.IpProtocol);
    // To the load balancer, from it to the tasks, and the health check.
    expect(opened.toSorted()).toEqual(["tcp", "udp", "udp"]);
  });

  test("on the internet has addresses that stay, unless the file says otherwise", () => {
    const text = network('Targets: [{ name: "web:web:80" }]').replace(
      "Type: network",
      "Type: network, Scheme: internet-facing",
    );
    expect(addresses(text)).toBe(2);
    expect(
      addresses(
        text.replace("    Listeners", "    Settings: { NoAllocateEips: true }\n    Listeners"),
      ),
    ).toBe(0);
  });
});

describe("logs", () => {
  const logging = (bucket: string): string =>
    `${target("")}    Settings: { S3Logs: "x-s3::logs:/lb" }\nx-s3: { logs: { ${bucket} } }\n`;

  test("need the bucket's policy before the load balancer", () => {
    const [balancer] = nodesOf(graphOf(logging("")), loadBalancer);
    expect(balancer?.dependsOn).toContain("LogsBucketPolicy");
  });

  test("cannot go where KMS encrypts", () => {
    const kms =
      "Properties: { BucketEncryption: { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: aws:kms } }] } }";
    expect(saidOf(logging(kms))).toEqual(["error cannot-honour x-elbv2.lb.Settings.S3Logs"]);
  });

  test("to a bucket that is nowhere are refused", () => {
    expect(
      saidOf(`${target("")}    Settings: { S3Logs: "x-s3::lgos" }\nx-s3: { logs: {} }\n`),
    ).toEqual(["error unknown-resource x-elbv2.lb.Settings.S3Logs"]);
  });
});

test.for([
  ["Scheme: internet", "error unknown-value x-elbv2.lb.Properties.Scheme"],
  ["Type: gateway", "error unknown-value x-elbv2.lb.Properties.Type"],
])("%s is refused", ([property = "", said]) => {
  const text = target("").replace("Type: application", property);
  expect(saidOf(text)).toContain(said);
});

test("a shorthand of the other type is said to do nothing", () => {
  expect(saidOf(`${target("")}    Settings: { cross_zone: true }\n`)).toEqual([
    "warning no-effect x-elbv2.lb.Settings.cross_zone",
  ]);
});

test("two listeners on one port are refused", () => {
  const text = balanced(
    'Listeners: [{ Port: 80, Targets: [{ name: "web:web:80" }] }, { Port: 80 }]\nServices: { "web:web:80": {} }',
  );
  expect(saidOf(text)).toEqual(["error same-port x-elbv2.lb.Listeners[1]"]);
});

test("a name leads to one load balancer in each zone", () => {
  const alias = (zone: string) =>
    `    DnsAliases: [{ Route53Zone: "x-route53::${zone}", Names: [a.example.com] }]\n`;
  const other = (zone: string) => `  other:
    Properties: { Scheme: internal }
    Listeners: [{ Port: 80, Targets: [{ name: "web:web:80" }] }]
    Services: { "web:web:80": {} }
${alias(zone)}`;
  const said = (zone: string) =>
    errorsOf(`${target("")}${alias("z")}${other(zone)}x-route53:
  z: { ZoneName: example.com }
  inside: { ZoneName: example.com, Lookup: { HostedZoneId: Z0123456789ABCDEFGHIJ } }\n`);
  expect(said("z")).toEqual([
    "same-name x-elbv2.other.DnsAliases[0]: Name a.example.com is that of x-elbv2.lb.DnsAliases[0] already (A name leads to one of them.)",
  ]);
  expect(said("inside")).toEqual([]);
});

test("a name outside its zone is refused", () => {
  const text = `${target("")}    DnsAliases: [{ Route53Zone: "x-route53::z", Names: [a.example.com, a.example.org] }]
x-route53: { z: { ZoneName: example.com. } }\n`;
  expect(saidOf(text)).toEqual(["error wrong-zone x-elbv2.lb.DnsAliases[0].Names[1]"]);
});

test.for(["Z0123456789", "/hostedzone/Z0123456789"])("a zone has the id %s", (zone) => {
  const text = `${target("")}    DnsAliases: [{ Route53Zone: ${zone}, Names: [a.example.com] }]\n`;
  expect(saidOf(text)).toEqual([]);
});

test("a zone that is named without what kind it is, is no id", () => {
  const text = `${target("")}    DnsAliases: [{ Route53Zone: z, Names: [a.example.com] }]
x-route53: { z: { ZoneName: example.com } }\n`;
  expect(errorsOf(text)).toEqual([
    "wrong-type x-elbv2.lb.DnsAliases[0].Route53Zone: z is no id of a hosted zone (Write x-route53::z.)",
  ]);
});

const targetGroup = "AWS::ElasticLoadBalancingV2::TargetGroup";
const loadBalancer = "AWS::ElasticLoadBalancingV2::LoadBalancer";
const rule = "AWS::ElasticLoadBalancingV2::ListenerRule";

const addresses = (text: string): number =>
  nodesOf(graphOf(text), "AWS::EC2::EIP").filter(({ id }) => id.startsWith("Lb")).length;

describe("a load balancer that is looked up", () => {
  const looked = (target: string, rest = ""): string => `
services: { web: { image: "web:1", ports: ["80"] } }
x-vpc: { Properties: { SingleNat: true } }
x-elbv2:
  lb:
    Lookup:
      loadbalancer: { Tags: { a: b } }
      Listeners: { 443: { Tags: { a: b }, Targets: [{ name: "web:web:80", ${target} }] } }
    Services: { "web:web:80": {} }
${rest}`;
  const asked = [
    "error lookup-unanswered x-elbv2.lb.Lookup.loadbalancer",
    "error lookup-unanswered x-elbv2.lb.Lookup.Listeners.443",
  ];

  test("asks for itself and its listeners", () => {
    expect(saidOf(looked("access: shop.example.com"))).toEqual(asked);
  });

  test.for(["access: /", "Priority: 3"])("does not give all its requests away: %s", (target) => {
    expect(saidOf(looked(target))).toEqual([
      "error cannot-honour x-elbv2.lb.Lookup.Listeners.443.Targets[0]",
      ...asked,
    ]);
  });

  test("of the type network takes no rules", () => {
    const Arn = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/net/lb/1";
    const said = saidOf(looked("access: /api"), { lookups: new Map([["x-elbv2.lb", { Arn }]]) });
    expect(said).toContain("error cannot-honour x-elbv2.lb.Lookup");
  });

  test("is not changed", () => {
    const lines = "    Settings: { Subnets: a }\n    MacroParameters: { http2: true }\n";
    expect(saidOf(looked("access: /api", lines))).toEqual([
      "warning no-effect x-elbv2.lb.MacroParameters",
      "warning no-effect x-elbv2.lb.Settings",
      ...asked,
    ]);
  });
});

describe("a client of a user pool", () => {
  const pool =
    "UserPoolArn: 'arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_a', UserPoolDomain: shop";
  const asked = (access: string, client: string, cognito = pool): string =>
    balanced(
      `Listeners: [{ Port: 443, ${certificate}, Targets: [{ name: "web:web:80", access: ${access}, AuthenticateCognitoConfig: { ${cognito} }, CreateCognitoClient: ${client} }] }]\nServices: { "web:web:80": {} }`,
    );

  test("is made for the hosts of its rule, and is whom the rule names", () => {
    const graph = graphOf(asked("shop.example.com/a", "{ AllowedOAuthScopes: [email] }"));
    const [client] = nodesOf(graph, "AWS::Cognito::UserPoolClient");
    expect(client?.properties).toMatchObject({
      AllowedOAuthScopes: ["email"],
      CallbackURLs: ["https://shop.example.com/oauth2/idpresponse"],
      GenerateSecret: true,
      UserPoolId: "eu-west-1_a",
    });
    const rule = only(graph, "AWS::ElasticLoadBalancingV2::ListenerRule");
    const config = rule.Actions[0].AuthenticateCognitoConfig;
    expect(config.UserPoolClientId).toEqual({ Ref: client?.id });
  });

  const at = "x-elbv2.lb.Listeners[0].Targets[0]";
  test.for([
    ["/a", "{}", pool, `error missing-key ${at}.CreateCognitoClient`],
    ["'*.example.com'", "{}", pool, `error missing-key ${at}.CreateCognitoClient`],
    ["a.example.com", "{}", pool.replace(/arn:[^']*/, "pool"), `error wrong-type ${at}`],
    [
      "a.example.com",
      "{}",
      `${pool}, UserPoolClientId: own`,
      `error unknown-key ${at}.AuthenticateCognitoConfig.UserPoolClientId`,
    ],
  ])("of %s %s is refused where something is missing", ([access, client, cognito, expected]) => {
    expect(saidOf(asked(access ?? "", client ?? "", cognito))).toContain(expected);
  });
});
