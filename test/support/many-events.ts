/** An event file with many events, made in one transaction. */
import { openEventFile } from '../../src/events/event-file.ts'

/** Fills the file at that path; of a thousand events each has the e-mail address `person7@x.example`. */
export const fillEvents = (path: string, count: number): void => {
  const file = openEventFile(path)
  file.exec(`
    WITH RECURSIVE numbers(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${count - 1})
    INSERT INTO event (connector, id, category, object, object_key, type, description, occurred_at, happened_at,
        received_at, entity_id, employee_id, email, email_key, url)
      SELECT iif(n % 4 = 0, 'other', 'default'), 'e' || n, 'ACTIVITY', iif(n % 3 = 0, 'ACCOUNT', 'LOGIN'),
        iif(n % 3 = 0, 'account', 'login'), NULL, 'what happened to ' || n, 1700000000 + n / 7, 1700000000 + n / 7,
        1700000000 + n, 'x' || n, 'p' || (n % 1000), 'Person' || (n % 1000) || '@x.example',
        'person' || (n % 1000) || '@x.example', 'https://x.example/' || n
      FROM numbers;
    INSERT INTO event_body SELECT sequence, '{}' FROM event;`)
  file.close()
}
