import type { PropertyKeys, Sources } from "../provenance.ts";
import type { Family } from "./family.ts";

// Which key of a compose service decides which property: for explanations, and for plans.

const container: PropertyKeys = {
  Command: ["command"],
  Cpu: ["deploy/resources/limits/cpus", "cpus", "deploy/resources/reservations/cpus"],
  DependsOn: ["depends_on"],
  DockerLabels: ["labels"],
  DockerSecurityOptions: ["security_opt"],
  EntryPoint: ["entrypoint"],
  Environment: ["environment", "env_file"],
  HealthCheck: ["healthcheck"],
  Image: ["image"],
  LinuxParameters: [
    ...["cap_add", "cap_drop", "init", "devices", "shm_size", "tmpfs", "memswap_limit"],
    "mem_swappiness",
  ],
  LogConfiguration: ["logging", "x-logging"],
  Memory: ["deploy/resources/limits/memory", "mem_limit"],
  MemoryReservation: ["deploy/resources/reservations/memory", "mem_reservation"],
  MountPoints: ["volumes", "tmpfs", "configs"],
  PortMappings: ["ports", "expose"],
  Privileged: ["privileged"],
  ReadonlyRootFilesystem: ["read_only"],
  RepositoryCredentials: ["x-aws-pull_credentials"],
  ResourceRequirements: ["gpus", "deploy/resources/reservations/devices"],
  Secrets: ["secrets"],
  StopTimeout: ["stop_grace_period"],
  SystemControls: ["sysctls"],
  Ulimits: ["ulimits"],
  User: ["user"],
  WorkingDirectory: ["working_dir"],
};

const taskDefinition: PropertyKeys = {
  ...Object.fromEntries(
    Object.entries(container).map(([name, keys]) => [`ContainerDefinitions.${name}`, keys]),
  ),
  Cpu: container.Cpu ?? [],
  EphemeralStorage: ["deploy/labels/ecs.ephemeral.storage"],
  Family: ["deploy/labels/ecs.task.family"],
  IpcMode: ["ipc"],
  Memory: [...(container.Memory ?? []), ...(container.MemoryReservation ?? [])],
  NetworkMode: ["network_mode"],
  PidMode: ["pid"],
  PlacementConstraints: ["platform", "x-ecs/CpuArchitecture", "x-ecs/OperatingSystemFamily"],
  RuntimePlatform: ["platform", "x-ecs/CpuArchitecture", "x-ecs/OperatingSystemFamily"],
  Volumes: ["volumes", "tmpfs", "configs"],
};

const service: PropertyKeys = {
  CapacityProviderStrategy: ["x-ecs/CapacityProviderStrategy"],
  DeploymentConfiguration: ["deploy/update_config"],
  DesiredCount: ["deploy/replicas", "scale"],
  HealthCheckGracePeriodSeconds: ["healthcheck/start_period"],
  LaunchType: ["deploy/labels/ecs.compute.platform"],
  NetworkConfiguration: ["x-network", "networks"],
  PlacementConstraints: ["deploy/placement"],
  PlacementStrategies: ["deploy/placement"],
  SchedulingStrategy: ["deploy/mode"],
  ServiceConnectConfiguration: ["x-network/x-ecs_connect"],
  ServiceRegistries: ["x-network/x-cloudmap"],
  Tags: ["deploy/labels"],
};

const logGroup: PropertyKeys = {
  LogGroupName: ["logging/options/awslogs-group"],
  RetentionInDays: ["x-logging/RetentionInDays", "x-aws-logs_retention"],
};

const role: PropertyKeys = {
  ManagedPolicyArns: ["x-iam/ManagedPolicyArns", "x-aws-policies"],
  PermissionsBoundary: ["x-iam/PermissionsBoundary"],
  Policies: ["x-iam/Policies", "x-aws-role"],
};

const scaling: PropertyKeys = {
  MaxCapacity: ["x-scaling/Range", "deploy/x-aws-autoscaling/max"],
  MinCapacity: ["x-scaling/Range", "deploy/x-aws-autoscaling/min"],
  ScheduledActions: ["x-scaling/ScheduledActions"],
  TargetTrackingScalingPolicyConfiguration: ["x-scaling/TargetScaling", "deploy/x-aws-autoscaling"],
};

const tables = { logGroup, role, scaling, service, taskDefinition };

/** Where the properties of one of a family's resources come from. */
export const sourcesIn = (
  { members, sidecars }: Pick<Family, "members" | "sidecars">,
  table: keyof typeof tables,
): Sources => ({
  keys: tables[table],
  of: members,
  containerAt: (name) => [...members, ...sidecars].find((one) => one.container === name)?.path,
});
