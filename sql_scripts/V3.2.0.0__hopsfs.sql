-- Attributes in several parts, provided storage, retried calls by epoch; the ResourceManager keeps no nodes any more

CREATE TABLE yarn_conf_mutation (
  `index` INT NOT NULL,
  mutation VARBINARY(13000) NOT NULL,
  PRIMARY KEY (`index`)
) ENGINE=ndbcluster DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE yarn_conf (
  `index` INT NOT NULL,
  conf BLOB NOT NULL,
  PRIMARY KEY (`index`)
) ENGINE=ndbcluster DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE hdfs_lease_creation_locks (
  id INT NOT NULL,
  PRIMARY KEY (id)
) ENGINE=ndbcluster DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

ALTER TABLE hdfs_directory_with_quota_feature
  ADD COLUMN typespace_used_provided BIGINT NOT NULL DEFAULT -1,
  ADD COLUMN typespace_quota_provided BIGINT NOT NULL DEFAULT -1;

ALTER TABLE hdfs_quota_update ADD COLUMN typespace_delta_provided BIGINT NOT NULL DEFAULT -1;

ALTER TABLE hdfs_xattrs
  ADD COLUMN num_parts SMALLINT NOT NULL DEFAULT 1,
  ADD COLUMN `index` SMALLINT NOT NULL DEFAULT 0,
  DROP PRIMARY KEY,
  ADD PRIMARY KEY (inode_id, namespace, name, `index`),
  COMMENT = 'NDB_TABLE=READ_BACKUP=1';

ALTER TABLE hdfs_file_provenance_xattrs_buffer
  ADD COLUMN num_parts SMALLINT NOT NULL DEFAULT 1,
  ADD COLUMN `index` SMALLINT NOT NULL DEFAULT 0,
  DROP PRIMARY KEY,
  ADD PRIMARY KEY (inode_id, namespace, name, inode_logical_time, `index`),
  COMMENT = 'NDB_TABLE=READ_BACKUP=1';

ALTER TABLE hdfs_metadata_log
  ADD COLUMN inode_partition_id BIGINT,
  ADD COLUMN inode_parent_id BIGINT,
  ADD COLUMN inode_name VARCHAR(255) NOT NULL DEFAULT '',
  COMMENT = 'NDB_TABLE=READ_BACKUP=1';

ALTER TABLE hdfs_file_provenance_log
  ADD COLUMN i_xattr_num_parts SMALLINT NOT NULL DEFAULT 1,
  COMMENT = 'NDB_TABLE=READ_BACKUP=1';

ALTER TABLE hdfs_leases ADD COLUMN count INT NOT NULL DEFAULT 0;

INSERT IGNORE INTO hdfs_variables (id, value)
SELECT added.id, added.value FROM (
  SELECT 37 AS id, x'' AS value UNION ALL SELECT 38, x'' UNION ALL SELECT 39, x'0000000000000000'
) AS added
WHERE EXISTS (SELECT * FROM hdfs_variables);

TRUNCATE TABLE hdfs_retry_cache_entry;

ALTER TABLE hdfs_retry_cache_entry
  ADD COLUMN epoch BIGINT NOT NULL DEFAULT 0,
  DROP PRIMARY KEY,
  ADD PRIMARY KEY (client_id, call_id, epoch)
  PARTITION BY KEY (epoch);

DROP TABLE IF EXISTS yarn_container_to_decrease;
DROP TABLE IF EXISTS yarn_container_to_signal;
DROP TABLE IF EXISTS yarn_containerid_toclean;
DROP TABLE IF EXISTS yarn_containers_checkpoint;
DROP TABLE IF EXISTS yarn_containers_logs;
DROP TABLE IF EXISTS yarn_containerstatus;
DROP TABLE IF EXISTS yarn_nextheartbeat;
DROP TABLE IF EXISTS yarn_pendingevents;
DROP TABLE IF EXISTS yarn_resource;
DROP TABLE IF EXISTS yarn_rmnode;
DROP TABLE IF EXISTS yarn_rmnode_applications;
DROP TABLE IF EXISTS yarn_rms_load;
DROP TABLE IF EXISTS yarn_updatedcontainerinfo;
