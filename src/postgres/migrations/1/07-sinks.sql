-- How far each sink has come, in events and in changes, and what it did on the way. `behind`: connectors that are not as far, as
-- JSON.
CREATE TABLE sink_place (
  sink text COLLATE "C" NOT NULL,
  stream text COLLATE "C" NOT NULL,
  sequence bigint NOT NULL,
  behind text NOT NULL,
  sent bigint NOT NULL,
  quarantined bigint NOT NULL,
  lost bigint NOT NULL,
  PRIMARY KEY (sink, stream)
) WITH (fillfactor = 50);

-- Puts a place in that of the one before, unless that is further or the sink is another replica's to send by now; whether it did.
CREATE FUNCTION sink_move(
  p_sink text, p_stream text, p_sequence bigint, p_behind text, p_sent bigint, p_quarantined bigint, p_lost bigint, p_replica text
) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  -- Held until the place is stored: nobody takes it over in between.
  PERFORM FROM duty WHERE name = 'sink ' || p_sink AND replica = p_replica FOR SHARE;
  IF NOT FOUND THEN RETURN false; END IF;
  INSERT INTO sink_place AS p VALUES (p_sink, p_stream, p_sequence, p_behind, p_sent, p_quarantined, p_lost)
    ON CONFLICT (sink, stream) DO UPDATE SET
      sequence = p_sequence, behind = p_behind, sent = p_sent, quarantined = p_quarantined, lost = p_lost
      WHERE p.sequence <= p_sequence;
  RETURN FOUND;
END $$;
