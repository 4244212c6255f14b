-- Storage policies, access control lists, retried calls, pending blocks by target

CREATE TABLE hdfs_storages (
  host_id VARCHAR(255) NOT NULL,
  storage_id INT NOT NULL,
  storage_type INT NOT NULL,
  PRIMARY KEY (storage_id)
) ENGINE=ndbcluster DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE hdfs_retry_cache_entry (
  client_id VARBINARY(16) NOT NULL,
  call_id INT NOT NULL,
  payload VARBINARY(13500),
  expiration_time BIGINT,
  state BIT(8),
  PRIMARY KEY (client_id, call_id),
  KEY expiration_time (expiration_time)
) ENGINE=ndbcluster DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE hdfs_aces (
  inode_id INT NOT NULL,
  `index` INT NOT NULL,
  subject VARCHAR(100) NOT NULL,
  type INT NOT NULL DEFAULT 0,
  is_default TINYINT NOT NULL DEFAULT 0,
  permission INT NOT NULL DEFAULT 0,
  PRIMARY KEY (inode_id, `index`),
  KEY inode_idx (`index`)
) ENGINE=ndbcluster DEFAULT CHARSET=latin1 COLLATE=latin1_general_cs COMMENT='NDB_TABLE=READ_BACKUP=1'
PARTITION BY KEY (inode_id);

ALTER TABLE hdfs_inodes
  ADD COLUMN storage_policy BIT(8) NOT NULL DEFAULT b'0',
  ADD COLUMN children_num INT NOT NULL DEFAULT 0,
  ADD COLUMN num_aces INT NOT NULL DEFAULT 0;

ALTER TABLE hdfs_replica_under_constructions
  ADD COLUMN chosen_as_primary TINYINT NOT NULL DEFAULT 0,
  ADD COLUMN generation_stamp BIGINT NOT NULL DEFAULT 0;

ALTER TABLE hdfs_pending_blocks
  ADD COLUMN target VARCHAR(255) NOT NULL,
  DROP COLUMN num_replicas_in_progress,
  DROP PRIMARY KEY,
  ADD PRIMARY KEY (inode_id, block_id, target);

ALTER TABLE hdfs_corrupt_replicas ADD COLUMN reason VARCHAR(100) NOT NULL DEFAULT 'NONE';

-- Counters are written by the format of a file system; one that was formatted earlier lacks the new ones
INSERT IGNORE INTO hdfs_variables (id, value)
SELECT added.id, '' FROM (SELECT 26 AS id) AS added
WHERE EXISTS (SELECT * FROM hdfs_variables);
