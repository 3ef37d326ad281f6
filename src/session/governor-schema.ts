/** What governs a cluster, as it stands in a run's file. */
import { z } from 'zod';
import { duration, name } from './fields-schema.ts';

const texts = z.record(z.string(), z.string().max(1_000));

const dynamic = z.strictObject({
  ttl: duration,
  loopWait: duration,
  retryTimeout: duration,
  maximumLagOnFailover: z.number(),
  synchronousMode: z.enum(['off', 'on', 'quorum']),
  synchronousModeStrict: z.boolean(),
  synchronousNodeCount: z.int().min(1),
  maximumLagOnSyncnode: z.number(),
  failsafeMode: z.boolean(),
  primaryStartTimeout: duration,
  primaryStopTimeout: duration,
  checkTimeline: z.boolean(),
  pause: z.boolean(),
  usePgRewind: z.boolean(),
  useSlots: z.boolean(),
  parameters: texts,
});

const script = z.strictObject({
  command: z.string().max(1_000),
  exitStatus: z.int(),
  takes: duration,
});

const local = z.strictObject({
  tags: z.strictObject({
    nofailover: z.boolean(),
    failoverPriority: z.number(),
    nosync: z.boolean(),
    noloadbalance: z.boolean(),
  }),
  watchdog: z.strictObject({
    mode: z.enum(['off', 'automatic', 'required']),
    device: z.string().max(1_000),
    safetyMargin: z.number().nullable(),
  }),
  callbacks: z.partialRecord(
    z.enum(['on_start', 'on_stop', 'on_restart', 'on_reload', 'on_role_change']),
    script,
  ),
  prePromote: script.nullable(),
  removeDataDirectoryOnDivergedTimelines: z.boolean(),
  removeDataDirectoryOnRewindFailure: z.boolean(),
  parameters: texts,
});

export const governor = z.strictObject({
  scope: name,
  dynamic,
  local: z.record(z.string(), local),
  dcsMembers: z.array(name).min(1),
  withoutWatchdog: z.array(name),
  proxy: z
    .strictObject({
      name,
      interMs: z.number().positive(),
      fall: z.int().min(1),
      rise: z.int().min(1),
      shutdownSessions: z.boolean(),
    })
    .nullable(),
});

/** How a population looks for a server. */
export const route = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('proxy') }),
  z.strictObject({
    kind: z.literal('hosts'),
    hosts: z.array(name).min(1),
    targetSessionAttrs: z.enum(['any', 'read-write']),
  }),
]);

const onNode = <K extends string>(kind: K) => z.strictObject({ kind: z.literal(kind), node: name });
const onMember = <K extends string>(kind: K) =>
  z.strictObject({ kind: z.literal(kind), member: name });

export const governedActions = [
  onNode('freezePatroni'),
  onNode('thawPatroni'),
  onNode('killPatroni'),
  onNode('startPatroni'),
  onNode('breakWatchdog'),
  onNode('mendWatchdog'),
  onNode('powerOn'),
  onNode('isolate'),
  onNode('rejoin'),
  onNode('cutFromDcs'),
  onNode('healToDcs'),
  onNode('reinit'),
  onMember('stopDcs'),
  onMember('startDcs'),
  onMember('freezeDcs'),
  onMember('thawDcs'),
  z.strictObject({ kind: z.literal('pause') }),
  z.strictObject({ kind: z.literal('resume') }),
  z.strictObject({
    kind: z.literal('switchover'),
    leader: name,
    candidate: name.nullable(),
  }),
  z.strictObject({ kind: z.literal('failover'), candidate: name }),
] as const;
