-- The newest answer to each question. `question` is a hash of tenant and path, a keyed one where answers are sealed: a path
-- may hold somebody's address. `list` is how it begins, such as /accounts. `seal` names the key that opens the body; it is ''
-- where none is needed. Emptied by a crash: all that it holds can be asked of Push again.
CREATE UNLOGGED TABLE answer (
  id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  question bytea NOT NULL UNIQUE,
  tenant text COLLATE "C" NOT NULL,
  connector text COLLATE "C" NOT NULL,
  list text COLLATE "C" NOT NULL,
  seal text COLLATE "C" NOT NULL,
  asked_at float8 NOT NULL,
  bytes int NOT NULL,
  body bytea NOT NULL
) WITH (toast.autovacuum_vacuum_scale_factor = 0.05, toast.autovacuum_vacuum_cost_delay = 0);
-- It is packed already.
ALTER TABLE answer ALTER COLUMN body SET STORAGE EXTERNAL;
CREATE INDEX answer_age ON answer (asked_at, connector, seal);
CREATE INDEX answer_connector ON answer (connector, list, bytes);
CREATE INDEX answer_tenant ON answer (tenant, seal, asked_at);

-- Who asks Push just now, and since when (ms since 1970). It holds as long as its replica gives signs of life.
CREATE UNLOGGED TABLE answer_claim (
  question bytea PRIMARY KEY,
  replica text NOT NULL,
  token bigint NOT NULL,
  claimed_at float8 NOT NULL
) WITH (fillfactor = 50);
CREATE INDEX answer_claim_replica ON answer_claim (replica);

-- What there is to that question, under each of the keys that it may be sealed with: `found`, once for each answer that was
-- asked for at or after a moment; else `asked` where somebody alive asks for it since then; else it is `mine` to ask. An answer
-- from the future was asked for by a clock that was wrong.
CREATE FUNCTION claim_answer(
  p_questions bytea[], p_seals text[], p_not_before float8, p_now float8, p_replica text, p_token bigint
) RETURNS TABLE (verdict text, id bigint, question bytea, seal text, asked_at float8, body bytea) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  is_mine boolean := false;
BEGIN
  LOOP
    RETURN QUERY SELECT 'found', a.id, a.question, a.seal, a.asked_at, a.body
      FROM unnest(p_questions, p_seals) AS asked (question, seal) JOIN answer AS a USING (question, seal)
      WHERE a.asked_at >= p_not_before AND a.asked_at <= p_now + 1000;
    IF FOUND THEN
      IF is_mine THEN DELETE FROM answer_claim AS c WHERE c.question = p_questions[1] AND c.token = p_token AND c.replica = p_replica; END IF;
      RETURN;
    END IF;
    IF is_mine THEN
      RETURN QUERY SELECT 'mine', NULL::bigint, NULL::bytea, NULL::text, NULL::float8, NULL::bytea;
      RETURN;
    END IF;
    INSERT INTO answer_claim AS c VALUES (p_questions[1], p_replica, p_token, p_now)
      ON CONFLICT (question) DO UPDATE SET replica = p_replica, token = p_token, claimed_at = p_now
        WHERE c.claimed_at < p_not_before OR abs(p_now - c.claimed_at) >= 60000 OR NOT is_alive(c.replica);
    IF NOT FOUND THEN
      RETURN QUERY SELECT 'asked', NULL::bigint, NULL::bytea, NULL::text, NULL::float8, NULL::bytea;
      RETURN;
    END IF;
    -- Whoever held the claim before may have kept the answer since it was looked for.
    is_mine := true;
  END LOOP;
END $$;

-- Tells all who wait for it that there is an answer, or that nobody asks any more.
CREATE FUNCTION tell_of_answer(p_question bytea) RETURNS void LANGUAGE sql AS
  $$ SELECT pg_notify('answer', encode(p_question, 'hex')) $$;

-- Ends the claim of that replica, unless it was made after `p_asked_at`.
CREATE FUNCTION end_claim(p_question bytea, p_asked_at float8, p_replica text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM answer_claim WHERE question = p_question AND replica = p_replica AND claimed_at <= p_asked_at;
  PERFORM tell_of_answer(p_question);
END $$;

-- Keeps an answer unless one that was asked for later is there, and ends the claim of that replica. A new `id` each time: who
-- goes through all of them by it meets what has come meanwhile.
CREATE FUNCTION keep_answer(
  p_questions bytea[], p_tenant text, p_connector text, p_list text, p_seal text, p_asked_at float8, p_body bytea,
  p_now float8, p_replica text
) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (
    SELECT FROM answer WHERE question = ANY (p_questions[2:]) AND asked_at >= p_asked_at AND asked_at <= p_now + 1000
  ) THEN
    INSERT INTO answer AS a (question, tenant, connector, list, seal, asked_at, bytes, body)
      VALUES (p_questions[1], p_tenant, p_connector, p_list, p_seal, p_asked_at, length(p_body), p_body)
      ON CONFLICT (question) DO UPDATE SET id = DEFAULT, tenant = p_tenant, connector = p_connector, list = p_list,
          seal = p_seal, asked_at = p_asked_at, bytes = length(p_body), body = p_body
        WHERE a.asked_at < p_asked_at OR a.asked_at > p_now + 1000;
    -- Those of other keys, too.
    IF FOUND THEN DELETE FROM answer WHERE question = ANY (p_questions[2:]); END IF;
  END IF;
  PERFORM end_claim(p_questions[1], p_asked_at, p_replica);
END $$;

-- Keeps several, each in a transaction of its own, so that none is locked while another one is waited for. `p_questions` has the
-- `p_keys` names of each question, one after another, and `p_bodies` all bodies in one: in a list they would be sent as text.
CREATE PROCEDURE keep_answers(
  p_questions bytea[], p_keys int, p_tenants text[], p_connectors text[], p_lists text[], p_seal text, p_asked_at float8[],
  p_sizes int[], p_bodies bytea, p_now float8, p_replica text
) LANGUAGE plpgsql AS $$
DECLARE
  begins int := 1;
BEGIN
  FOR n IN 1..cardinality(p_sizes) LOOP
    -- Some servers keep such tables like all others. One that is lost costs a request, and many that wait for the disk would be late.
    PERFORM set_config('synchronous_commit', 'off', true);
    PERFORM keep_answer(
      p_questions[(n - 1) * p_keys + 1 : n * p_keys], p_tenants[n], p_connectors[n], p_lists[n], p_seal, p_asked_at[n],
      substring(p_bodies FROM begins FOR p_sizes[n]), p_now, p_replica
    );
    COMMIT;
    begins := begins + p_sizes[n];
  END LOOP;
END $$;

-- Deletes up to `p_most` of the oldest while all together take more than that, with what stands beside each; how many there were.
CREATE FUNCTION evict_answers(p_max_bytes float8, p_most int) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  excess float8;
  gone bigint;
BEGIN
  SELECT coalesce(sum(bytes + 500), 0) - p_max_bytes INTO excess FROM answer;
  IF excess <= 0 THEN RETURN 0; END IF;
  DELETE FROM answer WHERE id IN (
    SELECT id FROM (
      SELECT id, sum(bytes + 500) OVER (ORDER BY asked_at, id) - (bytes + 500) AS before
        FROM (SELECT id, asked_at, bytes FROM answer ORDER BY asked_at, id LIMIT p_most) AS oldest
    ) AS summed WHERE before < excess
  );
  GET DIAGNOSTICS gone = ROW_COUNT;
  RETURN gone;
END $$;
