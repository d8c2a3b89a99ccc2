import type { WampError } from '../../vendor/autobahn.mjs';
import { LANGUAGE } from '../shared/language';

/** What a call that was not answered in time ends with. */
export const TIMEOUT: WampError = { error: 'joulebus.error.timeout' };

/** Why a call failed: for programs, and in a sentence for people. */
export class CallError extends Error {
  constructor(
    readonly uri: string,
    text: string,
    /** By field what is wrong with it. */
    readonly fields: Readonly<Record<string, string>> = {},
  ) {
    super(text);
  }
}

/** What the bus says, in words that say what to do. */
export function callError(error: WampError, address: string): CallError {
  const said = [error.args?.[0], error.kwargs?.['text'], error.kwargs?.['message']].find((one) => typeof one === 'string') as
    string | undefined;
  const name = address.split('.').slice(2).join('.');
  switch (error.error) {
    case 'wamp.error.no_such_procedure':
      return new CallError(
        error.error,
        $localize`Nobody answers ${name}:CALL:: it is starting, switched off, or not part of this home. Try again in a moment.`,
      );
    case 'wamp.error.not_authorized':
      return new CallError(
        error.error,
        $localize`You may look, but ${name}:CALL: needs another role: ask for an address with joulebus access link anna --role admin --page.`,
      );
    case TIMEOUT.error:
      return new CallError(
        error.error,
        $localize`${name}:CALL: has not answered within 40 s. What was asked may still happen; look before you ask again.`,
      );
    default:
      return new CallError(
        error.error ?? 'error',
        said ?? $localize`${name}:CALL: failed: ${error.error ?? String(error)}:CAUSE:`,
        fieldsOf(error),
      );
  }
}

function fieldsOf(error: WampError): Record<string, string> {
  const listed: unknown = error.kwargs?.['errors'];
  if (!Array.isArray(listed)) return {};
  const known = listed.filter((one): one is { loc: string[]; msg: string } => Array.isArray(one?.loc) && typeof one?.msg === 'string');
  return Object.fromEntries(known.map((one) => [one.loc.join('.'), one.msg]));
}

/** The same in the language of this build: what the home itself refuses, it says in English. */
export async function inOwnLanguage(error: CallError): Promise<CallError> {
  if (LANGUAGE === 'en') return error;
  try {
    const [{ refusalInWords }, { loadWords }] = await Promise.all([import('../shared/refusals'), import('../shared/words')]);
    await loadWords();
    const fields = Object.entries(error.fields).map(([name, text]) => [name, refusalInWords(text)]);
    return new CallError(error.uri, refusalInWords(error.message), Object.fromEntries(fields));
  } catch {
    // An English sentence is better than none: these words come from the home, too, and may be out of reach like it.
    return error;
  }
}

/**
 * What was refused, at the fields of a form: also what is wrong deep inside of one, such as the second of its times. What belongs to none of
 * them, such as two properties that do not go together, is for a notice.
 */
export function atFields(
  error: Error & Partial<Pick<CallError, 'fields'>>,
  names: readonly string[],
): { fields: Readonly<Record<string, string>>; others: string } {
  const fields: Record<string, string> = {};
  const others: string[] = [];
  for (const [path, text] of Object.entries(error.fields ?? {})) {
    const [name = '', ...rest] = path.split('.');
    const place = rest.some((part) => /\D/.test(part)) ? `${rest.join('.')}: ` : '';
    if (names.includes(name)) fields[name] = [fields[name], place + text].filter((one) => one).join('; ');
    else others.push(path ? `${path}: ${text}` : text);
  }
  return { fields, others: others.join('; ') || (Object.keys(fields).length ? '' : error.message) };
}
