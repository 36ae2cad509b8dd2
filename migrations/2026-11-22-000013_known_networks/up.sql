-- From where a user has logged in before: whoever guesses passwords from elsewhere is
-- slowed without keeping the user out.

CREATE TABLE known_networks (
    user_id integer NOT NULL
        CONSTRAINT known_networks_user_id_fkey REFERENCES users (id) ON DELETE CASCADE,
    network bytea NOT NULL,
    last_used_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT known_networks_pkey PRIMARY KEY (user_id, network)
);

COMMENT ON TABLE known_networks IS 'From where users have logged in.';
COMMENT ON COLUMN known_networks.user_id IS 'Who.';
COMMENT ON COLUMN known_networks.network IS 'A keyed digest of the user and the network; never the address.';
COMMENT ON COLUMN known_networks.last_used_at IS 'The latest log-in from there.';
