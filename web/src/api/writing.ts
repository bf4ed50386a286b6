// A form's write: busy while under way, its problem beside the fields, the same operation id until it succeeded.

import { ref, type Ref } from 'vue';
import { newOperation } from './client';
import { asProblem, Problem } from './problem';

export interface Writing {
  busy: Ref<boolean>;
  problem: Ref<Problem | null>;
  /** Runs `work` once; a second call while it runs is ignored. @returns whether it succeeded */
  run: (work: (operation: string) => Promise<void>) => Promise<boolean>;
}

export function useWriting(): Writing {
  const busy = ref(false);
  const problem = ref<Problem | null>(null);
  let operation = newOperation();

  async function run(work: (operation: string) => Promise<void>): Promise<boolean> {
    if (busy.value) return false;
    busy.value = true;
    problem.value = null;
    try {
      await work(operation);
      operation = newOperation();
      return true;
    } catch (error) {
      problem.value = asProblem(error);
      // Refused as written: what is sent next is another wish. Lost on the way: it is the same one.
      if (problem.value.kind !== 'offline') operation = newOperation();
      if (!(error instanceof Problem)) console.error(error);
      return false;
    } finally {
      busy.value = false;
    }
  }

  return { busy, problem, run };
}
