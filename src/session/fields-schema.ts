/** Fields that the schemas of files have in common. */
import { z } from 'zod';

export const name = z.string().min(1).max(63);
const unlimited = z.literal('Infinity').transform(() => Number.POSITIVE_INFINITY);
/** Microseconds. */
export const duration = z.union([z.number().min(0), unlimited]);
export const rate = z.union([z.number().positive(), unlimited]);
