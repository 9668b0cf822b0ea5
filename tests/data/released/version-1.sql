CREATE SCHEMA annotator;
CREATE TABLE annotator.alembic_version (
    version_num character varying(32) NOT NULL
);
CREATE TABLE annotator.articles (
    id text NOT NULL COLLATE pg_catalog."C",
    title text NOT NULL,
    sha256 text NOT NULL COLLATE pg_catalog."C",
    language text COLLATE pg_catalog."C",
    source text,
    url text,
    published text COLLATE pg_catalog."C",
    zones text NOT NULL,
    metadata text NOT NULL,
    extra text NOT NULL,
    number integer NOT NULL,
    title_key text NOT NULL COLLATE pg_catalog."C",
    search_key text NOT NULL COLLATE pg_catalog."C"
);
CREATE TABLE annotator.changes (
    revision integer NOT NULL,
    chunk integer NOT NULL,
    body text NOT NULL COLLATE pg_catalog."C"
);
CREATE TABLE annotator.comments (
    id text NOT NULL COLLATE pg_catalog."C",
    article_id text NOT NULL COLLATE pg_catalog."C",
    layer_id text NOT NULL COLLATE pg_catalog."C",
    record_id text NOT NULL COLLATE pg_catalog."C",
    text text NOT NULL,
    author text NOT NULL COLLATE pg_catalog."C",
    "time" text NOT NULL COLLATE pg_catalog."C",
    reply_to text COLLATE pg_catalog."C",
    resolved integer NOT NULL,
    extra text NOT NULL
);
CREATE TABLE annotator.cursors (
    author text NOT NULL COLLATE pg_catalog."C",
    done integer,
    undone integer
);
CREATE TABLE annotator.drafts (
    id text NOT NULL COLLATE pg_catalog."C",
    author text NOT NULL COLLATE pg_catalog."C",
    "time" text NOT NULL COLLATE pg_catalog."C",
    reason text NOT NULL,
    body text NOT NULL COLLATE pg_catalog."C"
);
CREATE TABLE annotator.edit_articles (
    article_id text NOT NULL COLLATE pg_catalog."C",
    revision integer NOT NULL
);
CREATE TABLE annotator.edits (
    revision integer NOT NULL,
    id text NOT NULL COLLATE pg_catalog."C",
    author text NOT NULL COLLATE pg_catalog."C",
    "time" text NOT NULL COLLATE pg_catalog."C",
    action text NOT NULL COLLATE pg_catalog."C",
    detail text NOT NULL,
    article_id text COLLATE pg_catalog."C",
    place_start integer,
    place_end integer,
    kind text NOT NULL COLLATE pg_catalog."C",
    target integer,
    parent integer,
    depth integer NOT NULL,
    size integer NOT NULL,
    CONSTRAINT edits_kind_check CHECK ((kind = ANY (ARRAY['do'::text, 'undo'::text, 'redo'::text])))
);
CREATE TABLE annotator.entities (
    id text NOT NULL COLLATE pg_catalog."C",
    kind text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL,
    aliases text NOT NULL,
    identifiers text NOT NULL,
    latitude double precision,
    longitude double precision,
    attributes text NOT NULL,
    note text NOT NULL,
    extra text NOT NULL,
    used integer NOT NULL,
    CONSTRAINT entities_latitude_check CHECK (((latitude >= ('-90'::integer)::double precision) AND (latitude <= (90)::double precision))),
    CONSTRAINT entities_longitude_check CHECK (((longitude >= ('-180'::integer)::double precision) AND (longitude <= (180)::double precision)))
);
CREATE TABLE annotator.label_counts (
    layer_id text NOT NULL COLLATE pg_catalog."C",
    label text NOT NULL COLLATE pg_catalog."C",
    spans integer NOT NULL,
    unsure integer NOT NULL
);
CREATE TABLE annotator.layers (
    id text NOT NULL COLLATE pg_catalog."C",
    article_id text NOT NULL COLLATE pg_catalog."C",
    author text NOT NULL COLLATE pg_catalog."C",
    kind text NOT NULL COLLATE pg_catalog."C",
    state text NOT NULL COLLATE pg_catalog."C",
    note text NOT NULL,
    unsure integer NOT NULL,
    extra text NOT NULL,
    CONSTRAINT layers_unsure_check CHECK ((unsure = ANY (ARRAY[0, 1])))
);
CREATE TABLE annotator.leases (
    token text NOT NULL COLLATE pg_catalog."C",
    host text NOT NULL COLLATE pg_catalog."C",
    pid integer NOT NULL,
    started text NOT NULL COLLATE pg_catalog."C",
    author text NOT NULL COLLATE pg_catalog."C",
    "time" text NOT NULL COLLATE pg_catalog."C",
    file text NOT NULL COLLATE pg_catalog."C"
);
CREATE TABLE annotator.project (
    one integer NOT NULL,
    id text NOT NULL COLLATE pg_catalog."C",
    title text NOT NULL,
    created text NOT NULL COLLATE pg_catalog."C",
    revision integer NOT NULL,
    schema integer NOT NULL,
    min_reader integer NOT NULL,
    min_writer integer NOT NULL,
    CONSTRAINT project_one_check CHECK ((one = 1))
);
CREATE SEQUENCE annotator.project_one_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE annotator.project_one_seq OWNED BY annotator.project.one;
CREATE TABLE annotator.relations (
    id text NOT NULL COLLATE pg_catalog."C",
    article_id text NOT NULL COLLATE pg_catalog."C",
    layer_id text NOT NULL COLLATE pg_catalog."C",
    label text NOT NULL COLLATE pg_catalog."C",
    source text NOT NULL COLLATE pg_catalog."C",
    target text COLLATE pg_catalog."C",
    target_entity text COLLATE pg_catalog."C",
    attributes text NOT NULL,
    extra text NOT NULL,
    CONSTRAINT relations_check CHECK (((target IS NOT NULL) OR (target_entity IS NOT NULL)))
);
CREATE TABLE annotator.retired (
    article_id text NOT NULL COLLATE pg_catalog."C",
    number integer NOT NULL
);
CREATE TABLE annotator.scheme (
    id text NOT NULL COLLATE pg_catalog."C",
    number integer NOT NULL,
    toml text NOT NULL
);
CREATE TABLE annotator.spans (
    id text NOT NULL COLLATE pg_catalog."C",
    article_id text NOT NULL COLLATE pg_catalog."C",
    layer_id text NOT NULL COLLATE pg_catalog."C",
    label text NOT NULL COLLATE pg_catalog."C",
    fragments text NOT NULL,
    text text NOT NULL,
    attributes text NOT NULL,
    entity_id text COLLATE pg_catalog."C",
    unsure integer NOT NULL,
    note text NOT NULL,
    extra text NOT NULL,
    start integer NOT NULL,
    stop integer NOT NULL,
    CONSTRAINT spans_check CHECK (((start >= 0) AND (start < stop))),
    CONSTRAINT spans_unsure_check CHECK ((unsure = ANY (ARRAY[0, 1])))
);
CREATE TABLE annotator.texts (
    sha256 text NOT NULL COLLATE pg_catalog."C",
    text text NOT NULL,
    length integer NOT NULL,
    original bytea,
    encoding text COLLATE pg_catalog."C",
    words tsvector
);
CREATE TABLE annotator.verdicts (
    id text NOT NULL COLLATE pg_catalog."C",
    article_id text NOT NULL COLLATE pg_catalog."C",
    layer_id text NOT NULL COLLATE pg_catalog."C",
    record_id text NOT NULL COLLATE pg_catalog."C",
    revision integer NOT NULL,
    decision text NOT NULL COLLATE pg_catalog."C",
    reason text NOT NULL,
    author text NOT NULL COLLATE pg_catalog."C",
    "time" text NOT NULL COLLATE pg_catalog."C",
    extra text NOT NULL
);
ALTER TABLE ONLY annotator.project ALTER COLUMN one SET DEFAULT nextval('annotator.project_one_seq'::regclass);
INSERT INTO annotator.alembic_version VALUES ('0001');
INSERT INTO annotator.articles VALUES ('a1', 'Title of a1', '80babfc6b8fa975ceff37f624ae76f8519ea0a1f6bfa6a3458ec1583e23683d3', NULL, NULL, NULL, NULL, '[]', '{}', '{}', 1, 'title of a1', 'title of a1');
INSERT INTO annotator.changes VALUES (1, 0, '[["article",null,{"id":"a1","title":"Title of a1","sha256":"80babfc6b8fa975ceff37f624ae76f8519ea0a1f6bfa6a3458ec1583e23683d3"}],["article",null,{"id":"a2","title":"Title of a2","sha256":"20f5318751a209dbba148c74f6a07408a679cc8a45d58efb7947562001b703b4"}],["layer",null,{"id":"l1","article_id":"a1","author":"ada","kind":"person","state":"in progress"}]]');
INSERT INTO annotator.changes VALUES (2, 0, '[["entity",null,{"id":"e1","kind":"actor","name":"Ada Verner"}],["span",null,{"id":"s1","article_id":"a1","layer_id":"l1","label":"Speaker","fragments":[[0,10]],"text":["Ada Verner"],"entity_id":"e1","note":"Ω \u0000 ß"}],["span",null,{"id":"s2","article_id":"a1","layer_id":"l1","label":"Claim","fragments":[[16,38],[40,45]],"text":["the harbour would open","Then "],"attributes":{"form":"direct"}}]]');
INSERT INTO annotator.changes VALUES (3, 0, '[["relation",null,{"id":"r1","article_id":"a1","layer_id":"l1","label":"attributed_to","source":"s2","target":"s1"}]]');
INSERT INTO annotator.changes VALUES (4, 0, '[["span",{"id":"s2","article_id":"a1","layer_id":"l1","label":"Claim","fragments":[[16,38],[40,45]],"text":["the harbour would open","Then "],"attributes":{"form":"direct"}},{"id":"s2","article_id":"a1","layer_id":"l1","label":"Claim","fragments":[[16,38],[40,45]],"text":["the harbour would open","Then "],"attributes":{"form":"direct"},"unsure":true}]]');
INSERT INTO annotator.changes VALUES (5, 0, '[["comment",null,{"id":"c1","article_id":"a1","layer_id":"l1","record_id":"s2","text":"Really?"}],["verdict",null,{"id":"v1","article_id":"a1","layer_id":"l1","record_id":"s1","revision":2,"decision":"accept","author":"bob"}]]');
INSERT INTO annotator.changes VALUES (6, 0, '[["article",{"id":"a2","title":"Title of a2","sha256":"20f5318751a209dbba148c74f6a07408a679cc8a45d58efb7947562001b703b4"},null]]');
INSERT INTO annotator.changes VALUES (7, 0, '[["span",null,{"id":"s3","article_id":"a1","layer_id":"l1","label":"Speaker","fragments":[[1,2]],"text":["d"]}]]');
INSERT INTO annotator.comments VALUES ('c1', 'a1', 'l1', 's2', 'Really?', '', '', NULL, 0, '{}');
INSERT INTO annotator.cursors VALUES ('ada', 6, 8);
INSERT INTO annotator.drafts VALUES ('01a206d5-2664-72ac-932c-cbae2d2ffb8c', 'ada', '2026-11-23T05:16:02.020+00:00', 'no reason', '{"id":"01a206d5-2664-72ac-932c-cbae2d2ffb8c","action":"mark","detail":"","author":"ada","time":"2026-11-23T05:16:02.020+00:00","article_id":null,"place":null,"changes":[{"type":"span","before":null,"after":{"id":"s9","article_id":"a1","layer_id":"l1","label":"Speaker","fragments":[[0,10]],"text":["Ada Verner"],"attributes":{},"entity_id":null,"unsure":false,"note":"","extra":{}}}]}');
INSERT INTO annotator.edit_articles VALUES ('a1', 1);
INSERT INTO annotator.edit_articles VALUES ('a2', 1);
INSERT INTO annotator.edit_articles VALUES ('a1', 2);
INSERT INTO annotator.edit_articles VALUES ('a1', 3);
INSERT INTO annotator.edit_articles VALUES ('a1', 4);
INSERT INTO annotator.edit_articles VALUES ('a1', 5);
INSERT INTO annotator.edit_articles VALUES ('a2', 6);
INSERT INTO annotator.edit_articles VALUES ('a1', 7);
INSERT INTO annotator.edit_articles VALUES ('a1', 8);
INSERT INTO annotator.edits VALUES (1, '01a206d5-2428-73f2-bdfe-de040b784674', 'ada', '2026-11-23T05:16:01.448+00:00', 'import', '', NULL, NULL, NULL, 'do', NULL, NULL, 1, 3);
INSERT INTO annotator.edits VALUES (2, '01a206d5-24ad-701c-ba8e-78830e9864f4', 'ada', '2026-11-23T05:16:01.581+00:00', 'mark', '', NULL, NULL, NULL, 'do', NULL, 1, 2, 3);
INSERT INTO annotator.edits VALUES (3, '01a206d5-24f9-7032-95bf-34811f077bfe', 'ada', '2026-11-23T05:16:01.657+00:00', 'mark', '', NULL, NULL, NULL, 'do', NULL, 2, 3, 1);
INSERT INTO annotator.edits VALUES (4, '01a206d5-2528-744e-b64b-f7ff70d8fa1b', 'ada', '2026-11-23T05:16:01.704+00:00', 'unsure', '', NULL, NULL, NULL, 'do', NULL, 3, 4, 1);
INSERT INTO annotator.edits VALUES (5, '01a206d5-2556-7fba-8992-db6d63211d18', 'ada', '2026-11-23T05:16:01.750+00:00', 'mark', '', NULL, NULL, NULL, 'do', NULL, 4, 5, 2);
INSERT INTO annotator.edits VALUES (6, '01a206d5-2584-7402-b578-db25e8659c1c', 'ada', '2026-11-23T05:16:01.796+00:00', 'remove', '', NULL, NULL, NULL, 'do', NULL, 5, 6, 1);
INSERT INTO annotator.edits VALUES (7, '01a206d5-25dc-7547-b090-a594789586e9', 'ada', '2026-11-23T05:16:01.884+00:00', 'mark', '', NULL, NULL, NULL, 'do', NULL, 6, 7, 1);
INSERT INTO annotator.edits VALUES (8, '01a206d5-2606-77bf-b003-1a535913d602', 'ada', '2026-11-23T05:16:01.973+00:00', 'mark', '', NULL, NULL, NULL, 'undo', 7, NULL, 1, 1);
INSERT INTO annotator.entities VALUES ('e1', 'actor', 'Ada Verner', '[]', '{}', NULL, NULL, '{}', '', '{}', 2);
INSERT INTO annotator.label_counts VALUES ('l1', 'Claim', 1, 1);
INSERT INTO annotator.label_counts VALUES ('l1', 'Speaker', 1, 0);
INSERT INTO annotator.layers VALUES ('l1', 'a1', 'ada', 'person', 'in progress', '', 0, '{}');
INSERT INTO annotator.project VALUES (1, '01a206d5-2402-7885-a35f-5a184e509c12', 'Released', '2026-11-23T05:16:01.410+00:00', 8, 1, 1, 1);
INSERT INTO annotator.relations VALUES ('r1', 'a1', 'l1', 'attributed_to', 's2', 's1', NULL, '{}', '{}');
INSERT INTO annotator.retired VALUES ('a2', 2);
INSERT INTO annotator.scheme VALUES ('scheme', 1, 'id = "test"
title = "Test"
entities = [
    { name = "actor" },
]
[[labels]]
name = "Speaker"
entity = "actor"
[[labels]]
name = "Claim"
[[labels.attributes]]
name = "form"
values = [
    "direct",
    "indirect",
]
[[labels]]
name = "Cue"
max_fragments = 1
[[relations]]
name = "attributed_to"
source = "Claim"
targets = [
    "Speaker",
]
target_entity = "actor"
[[relations]]
name = "cued_by"
source = "Claim"
targets = [
    "Cue",
]
max = 1
[[relations]]
name = "nested_in"
source = "Claim"
targets = [
    "Claim",
]
inside = true
');
INSERT INTO annotator.spans VALUES ('s1', 'a1', 'l1', 'Speaker', '[[0,10]]', '["Ada Verner"]', '{}', 'e1', 0, 'Ω 0000 ß', '{}', 0, 10);
INSERT INTO annotator.spans VALUES ('s2', 'a1', 'l1', 'Claim', '[[16,38],[40,45]]', '["the harbour would open","Then "]', '{"form":"direct"}', NULL, 1, '', '{}', 16, 45);
INSERT INTO annotator.texts VALUES ('80babfc6b8fa975ceff37f624ae76f8519ea0a1f6bfa6a3458ec1583e23683d3', 'Ada Verner said the harbour would open. Then she left.', 54, NULL, NULL, '''ada'':1 ''harbour'':5 ''left'':10 ''open'':7 ''said'':3 ''she'':9 ''the'':4 ''then'':8 ''verner'':2 ''would'':6');
INSERT INTO annotator.texts VALUES ('20f5318751a209dbba148c74f6a07408a679cc8a45d58efb7947562001b703b4', 'A second text.', 14, NULL, NULL, '''a'':1 ''second'':2 ''text'':3');
INSERT INTO annotator.verdicts VALUES ('v1', 'a1', 'l1', 's1', 2, 'accept', '', 'bob', '', '{}');
SELECT pg_catalog.setval('annotator.project_one_seq', 1, false);
ALTER TABLE ONLY annotator.alembic_version
    ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);
ALTER TABLE ONLY annotator.articles
    ADD CONSTRAINT articles_id_key UNIQUE (id);
ALTER TABLE ONLY annotator.articles
    ADD CONSTRAINT articles_pkey PRIMARY KEY (number);
ALTER TABLE ONLY annotator.changes
    ADD CONSTRAINT changes_pkey PRIMARY KEY (revision, chunk);
ALTER TABLE ONLY annotator.comments
    ADD CONSTRAINT comments_pkey PRIMARY KEY (id);
ALTER TABLE ONLY annotator.cursors
    ADD CONSTRAINT cursors_pkey PRIMARY KEY (author);
ALTER TABLE ONLY annotator.drafts
    ADD CONSTRAINT drafts_pkey PRIMARY KEY (id);
ALTER TABLE ONLY annotator.edit_articles
    ADD CONSTRAINT edit_articles_pkey PRIMARY KEY (article_id, revision);
ALTER TABLE ONLY annotator.edits
    ADD CONSTRAINT edits_id_key UNIQUE (id);
ALTER TABLE ONLY annotator.edits
    ADD CONSTRAINT edits_pkey PRIMARY KEY (revision);
ALTER TABLE ONLY annotator.entities
    ADD CONSTRAINT entities_pkey PRIMARY KEY (id);
ALTER TABLE ONLY annotator.label_counts
    ADD CONSTRAINT label_counts_pkey PRIMARY KEY (layer_id, label);
ALTER TABLE ONLY annotator.layers
    ADD CONSTRAINT layers_id_article_id_key UNIQUE (id, article_id);
ALTER TABLE ONLY annotator.layers
    ADD CONSTRAINT layers_pkey PRIMARY KEY (id);
ALTER TABLE ONLY annotator.leases
    ADD CONSTRAINT leases_pkey PRIMARY KEY (token);
ALTER TABLE ONLY annotator.project
    ADD CONSTRAINT project_pkey PRIMARY KEY (one);
ALTER TABLE ONLY annotator.relations
    ADD CONSTRAINT relations_pkey PRIMARY KEY (id);
ALTER TABLE ONLY annotator.retired
    ADD CONSTRAINT retired_pkey PRIMARY KEY (article_id);
ALTER TABLE ONLY annotator.scheme
    ADD CONSTRAINT scheme_pkey PRIMARY KEY (id);
ALTER TABLE ONLY annotator.spans
    ADD CONSTRAINT spans_pkey PRIMARY KEY (id);
ALTER TABLE ONLY annotator.texts
    ADD CONSTRAINT texts_pkey PRIMARY KEY (sha256);
ALTER TABLE ONLY annotator.verdicts
    ADD CONSTRAINT verdicts_pkey PRIMARY KEY (id);
CREATE INDEX articles_by_day ON annotator.articles USING btree (published, number);
CREATE INDEX articles_by_sha256 ON annotator.articles USING btree (sha256);
CREATE INDEX articles_by_title ON annotator.articles USING btree (title_key, number);
CREATE INDEX comments_by_article ON annotator.comments USING btree (article_id);
CREATE INDEX label_counts_by_label ON annotator.label_counts USING btree (label, layer_id);
CREATE INDEX layers_by_article ON annotator.layers USING btree (article_id, author, kind, id, state);
CREATE INDEX layers_by_author ON annotator.layers USING btree (author, kind, state);
CREATE INDEX relations_by_entity ON annotator.relations USING btree (target_entity) WHERE (target_entity IS NOT NULL);
CREATE INDEX relations_by_layer ON annotator.relations USING btree (layer_id);
CREATE INDEX relations_by_source ON annotator.relations USING btree (source);
CREATE INDEX relations_by_target ON annotator.relations USING btree (target);
CREATE INDEX spans_by_entity ON annotator.spans USING btree (entity_id) WHERE (entity_id IS NOT NULL);
CREATE INDEX spans_by_layer ON annotator.spans USING btree (layer_id);
CREATE INDEX texts_by_words ON annotator.texts USING gin (words);
CREATE INDEX texts_long ON annotator.texts USING btree (sha256) WHERE (length > 200000);
CREATE INDEX verdicts_by_article ON annotator.verdicts USING btree (article_id);
ALTER TABLE ONLY annotator.articles
    ADD CONSTRAINT articles_sha256_fkey FOREIGN KEY (sha256) REFERENCES annotator.texts(sha256);
ALTER TABLE ONLY annotator.changes
    ADD CONSTRAINT changes_revision_fkey FOREIGN KEY (revision) REFERENCES annotator.edits(revision);
ALTER TABLE ONLY annotator.comments
    ADD CONSTRAINT comments_article_id_fkey FOREIGN KEY (article_id) REFERENCES annotator.articles(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY annotator.cursors
    ADD CONSTRAINT cursors_done_fkey FOREIGN KEY (done) REFERENCES annotator.edits(revision);
ALTER TABLE ONLY annotator.cursors
    ADD CONSTRAINT cursors_undone_fkey FOREIGN KEY (undone) REFERENCES annotator.edits(revision);
ALTER TABLE ONLY annotator.edit_articles
    ADD CONSTRAINT edit_articles_revision_fkey FOREIGN KEY (revision) REFERENCES annotator.edits(revision);
ALTER TABLE ONLY annotator.layers
    ADD CONSTRAINT layers_article_id_fkey FOREIGN KEY (article_id) REFERENCES annotator.articles(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY annotator.relations
    ADD CONSTRAINT relations_layer_id_article_id_fkey FOREIGN KEY (layer_id, article_id) REFERENCES annotator.layers(id, article_id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY annotator.relations
    ADD CONSTRAINT relations_source_fkey FOREIGN KEY (source) REFERENCES annotator.spans(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY annotator.relations
    ADD CONSTRAINT relations_target_entity_fkey FOREIGN KEY (target_entity) REFERENCES annotator.entities(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY annotator.relations
    ADD CONSTRAINT relations_target_fkey FOREIGN KEY (target) REFERENCES annotator.spans(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY annotator.spans
    ADD CONSTRAINT spans_entity_id_fkey FOREIGN KEY (entity_id) REFERENCES annotator.entities(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY annotator.spans
    ADD CONSTRAINT spans_layer_id_article_id_fkey FOREIGN KEY (layer_id, article_id) REFERENCES annotator.layers(id, article_id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY annotator.verdicts
    ADD CONSTRAINT verdicts_article_id_fkey FOREIGN KEY (article_id) REFERENCES annotator.articles(id) DEFERRABLE INITIALLY DEFERRED;
