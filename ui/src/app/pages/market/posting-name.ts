import type { Posting } from '@words';

/** Why something was booked; of a correction `time` says when it should have been. */
export function postingName({ kind, contract_id: contract }: Pick<Posting, 'kind' | 'contract_id'>, time = ''): string {
  return {
    meter: $localize`metered`,
    residual: $localize`balanced with its upstream`,
    contract: $localize`contract ${contract ?? ''}:CONTRACT:`,
    counter: $localize`counter of contract ${contract ?? ''}:CONTRACT:`,
    correction: time ? $localize`correction of ${time}:TIME:` : $localize`correction`,
  }[kind];
}
