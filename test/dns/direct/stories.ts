// Every story, in the order in which they are told.
import { STORIES_OF_CHANGE } from './stories-of-change.ts'
import { STORIES_OF_GLUE } from './stories-of-glue.ts'
import { STORIES_OF_GLUELESS } from './stories-of-glueless.ts'
import { STORIES_OF_LAMENESS } from './stories-of-lameness.ts'
import { STORIES_OF_NAMES } from './stories-of-names.ts'
import type { Story } from './story.ts'

export const STORIES: readonly Story[] = [
  ...STORIES_OF_GLUE,
  ...STORIES_OF_GLUELESS,
  ...STORIES_OF_LAMENESS,
  ...STORIES_OF_NAMES,
  ...STORIES_OF_CHANGE,
]
