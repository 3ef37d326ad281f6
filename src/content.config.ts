import { defineCollection, reference } from 'astro:content';
import { glob } from 'astro/loaders';
import { z } from 'astro/zod';

/** Ways through the course; a chapter names those that lead through it. */
const route = z.enum(['on-call', 'developer', 'architect']);

const source = z.strictObject({
  /** The title as its publisher writes it. */
  title: z.string().min(1),
  url: z.url({ protocol: /^https$/ }),
});

const chapter = z.strictObject({
  title: z.string().min(1),
  /** One sentence, for lists of chapters and for search engines. */
  description: z.string().min(1),
  /** Its place in the course; chapter 0 is the primer. */
  chapter: z.int().min(0),
  /** How long a reader takes who does every experiment. */
  minutes: z.int().positive(),
  /** Chapters to read first, by slug: the file's name without number and ending. */
  prerequisites: z.array(reference('chapters')).default([]),
  /** Ids of the concepts that the chapter teaches, as the curriculum numbers them: `D4`. The primer has none. */
  concepts: z.array(z.string().regex(/^[A-Z]\d+$/, 'a concept id is a letter and a number')),
  routes: z.array(route).min(1),
  sources: z.array(source).min(1),
});

/** `content/03-durability.mdx` is the chapter `durability`: the number only sorts the folder. */
const slug = (file: string) => file.replace(/^\d+-/, '').replace(/\.mdx$/, '');

export const collections = {
  chapters: defineCollection({
    loader: glob({
      base: './content',
      pattern: '**/*.mdx',
      generateId: ({ entry }) => slug(entry),
    }),
    schema: chapter,
  }),
};
