-- Cache pools and directives; misreplicated blocks are queued by NameNode; the retry cache starts empty

ALTER TABLE hdfs_storages ADD COLUMN state VARCHAR(100) NOT NULL DEFAULT 'NORMAL';

CREATE TABLE hdfs_cache_directive (
  id BIGINT NOT NULL,
  replication SMALLINT NOT NULL,
  expirytime BIGINT NOT NULL,
  bytes_needed BIGINT NOT NULL,
  bytes_cached BIGINT NOT NULL,
  files_needed BIGINT NOT NULL,
  files_cached BIGINT NOT NULL,
  pool VARCHAR(250) NOT NULL,
  PRIMARY KEY (id),
  KEY pool (pool)
) ENGINE=ndbcluster DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE hdfs_cache_directive_path (
  id BIGINT NOT NULL,
  `index` SMALLINT NOT NULL,
  value VARCHAR(2500) NOT NULL,
  PRIMARY KEY (id, `index`),
  CONSTRAINT id FOREIGN KEY (id) REFERENCES hdfs_cache_directive (id) ON DELETE CASCADE
) ENGINE=ndbcluster DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE hdfs_cache_pool (
  pool_name VARCHAR(250) NOT NULL,
  owner_name VARCHAR(250) NOT NULL,
  group_name VARCHAR(250) NOT NULL,
  mode SMALLINT NOT NULL,
  `limit` BIGINT NOT NULL,
  max_relative_expiry_ms BIGINT NOT NULL,
  bytes_needed BIGINT NOT NULL,
  bytes_cached BIGINT NOT NULL,
  files_needed BIGINT NOT NULL,
  files_cached BIGINT NOT NULL,
  PRIMARY KEY (pool_name)
) ENGINE=ndbcluster DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE hdfs_cached_block (
  block_id BIGINT NOT NULL,
  inode_id INT NOT NULL,
  datanode_id VARCHAR(250) NOT NULL,
  status VARCHAR(250) NOT NULL,
  replication_and_mark SMALLINT NOT NULL,
  PRIMARY KEY (block_id, inode_id, datanode_id),
  KEY inode_id (inode_id)
) ENGINE=ndbcluster DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

DROP TABLE IF EXISTS hdfs_misreplicated_range_queue;

CREATE TABLE hdfs_misreplicated_range_queue (
  nn_id BIGINT NOT NULL,
  start_index BIGINT NOT NULL,
  PRIMARY KEY (nn_id)
) ENGINE=ndbcluster DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

INSERT IGNORE INTO hdfs_variables (id, value)
SELECT added.id, '' FROM (
  SELECT 27 AS id UNION ALL SELECT 28 UNION ALL SELECT 29 UNION ALL SELECT 30
  UNION ALL SELECT 31 UNION ALL SELECT 32 UNION ALL SELECT 33 UNION ALL SELECT 34
) AS added
WHERE EXISTS (SELECT * FROM hdfs_variables);

TRUNCATE TABLE hdfs_retry_cache_entry;
