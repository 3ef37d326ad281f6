/** The parts of a run's file: what it starts with, and what is done to it. */
import { z } from 'zod';
import { duration, name, rate } from './fields-schema.ts';
import { governedActions, governor, route } from './governor-schema.ts';

const frozen = { node: name, process: z.enum(['walreceiver', 'startup']) };
const session = { node: name, session: name };
const link = { a: name, b: name };
const node = { node: name };

export const actionSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('sql'), ...session, sql: z.string() }),
  z.strictObject({ kind: z.literal('cancel'), ...session }),
  z.strictObject({ kind: z.literal('terminate'), ...session }),
  z.strictObject({ kind: z.literal('freeze'), ...frozen }),
  z.strictObject({ kind: z.literal('thaw'), ...frozen }),
  z.strictObject({ kind: z.literal('delay'), ...link, delay: duration }),
  z.strictObject({ kind: z.literal('bandwidth'), ...link, bytesPerSecond: rate }),
  z.strictObject({ kind: z.literal('loss'), ...link, ratio: z.number().min(0).lt(1) }),
  z.strictObject({ kind: z.literal('cut'), ...link }),
  z.strictObject({ kind: z.literal('heal'), ...link }),
  z.strictObject({ kind: z.literal('fsync'), ...node, time: duration }),
  z.strictObject({ kind: z.literal('replayRate'), ...node, bytesPerSecond: rate }),
  z.strictObject({ kind: z.literal('walVolume'), ...node, bytes: rate }),
  z.strictObject({ kind: z.literal('deleteWal'), ...node }),
  z.strictObject({ kind: z.literal('kill'), ...node }),
  z.strictObject({ kind: z.literal('powerOff'), ...node }),
  z.strictObject({ kind: z.literal('start'), ...node }),
  z.strictObject({ kind: z.literal('promote'), ...node }),
  z.strictObject({ kind: z.literal('stop'), ...node }),
  z.strictObject({ kind: z.literal('follow'), ...node, upstream: name }),
  z.strictObject({ kind: z.literal('rewind'), ...node, upstream: name }),
  z.strictObject({ kind: z.literal('baseBackup'), ...node, upstream: name }),
  z.strictObject({ kind: z.literal('backup'), ...node, name }),
  z.strictObject({
    kind: z.literal('restore'),
    ...node,
    backup: name,
    signal: z.enum(['recovery', 'standby', 'none']),
    conf: z.string().max(10_000),
  }),
  z.strictObject({
    kind: z.literal('verifyBackup'),
    backup: name,
    wal: z.enum(['archive', 'backup', 'skip']),
  }),
  z.strictObject({
    kind: z.literal('damageBackup'),
    backup: name,
    file: z.string().max(200),
    damage: z.enum(['flip', 'truncate', 'remove', 'add']),
  }),
  z.strictObject({ kind: z.literal('copyTable'), ...node, from: name, table: name }),
  z.strictObject({
    kind: z.literal('clients'),
    population: name,
    pace: z.number().min(0).max(100),
  }),
  ...governedActions,
  z.strictObject({ kind: z.literal('answer'), id: name, text: z.string().max(100_000) }),
]);

const range = z.tuple([duration, duration]);
const population = z.strictObject({
  name,
  node: name,
  otherHosts: z.array(name).optional(),
  route: route.optional(),
  count: z.int().min(1).max(1_000),
  errands: z
    .array(
      z.strictObject({
        sql: z.string(),
        weight: z.number().positive().optional(),
        kind: z.enum(['read', 'write']),
      }),
    )
    .min(1),
  thinkTime: range,
  ratePerSecond: z.number().positive().optional(),
  firstAt: range.optional(),
  until: duration.optional(),
  attempts: z.int().min(1).optional(),
  pace: z.number().min(0).max(100).optional(),
});

export const clusterSpecSchema = z.strictObject({
  nodes: z.array(name).min(1),
  spares: z.array(name).optional(),
  upstreams: z.record(z.string(), z.string()).optional(),
  settings: z.record(z.string(), z.record(z.string(), z.string())),
  seed: z.int(),
  linkDelay: duration.optional(),
  walVolumes: z.record(z.string(), rate).optional(),
  work: z
    .strictObject({ blockHit: duration, blockRead: duration, walKilobyte: duration })
    .optional(),
  setup: z.array(z.string()).optional(),
  walStart: z.string().optional(),
  populations: z.array(population).optional(),
  governor: governor.nullable().optional(),
});
