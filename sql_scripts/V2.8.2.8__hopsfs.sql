-- Quotas by storage type, extended attributes, truncation, larger application states

ALTER TABLE hdfs_le_descriptors ADD COLUMN location_domain_id TINYINT DEFAULT 0;

ALTER TABLE yarn_le_descriptors ADD COLUMN location_domain_id TINYINT DEFAULT 0;

-- The hash of a bucket is another one now, and is made anew by the next block report
ALTER TABLE hdfs_hash_buckets
  DROP COLUMN hash,
  ADD COLUMN hash BINARY(20) NOT NULL DEFAULT '0';

ALTER TABLE hdfs_replicas ADD KEY storage_and_bucket_idx (storage_id, bucket_id);

ALTER TABLE hdfs_block_infos
  ADD COLUMN truncate_block_num_bytes BIGINT NOT NULL DEFAULT -1,
  ADD COLUMN truncate_block_generation_stamp BIGINT NOT NULL DEFAULT -1;

ALTER TABLE hdfs_inode_attributes RENAME TO hdfs_directory_with_quota_feature;

ALTER TABLE hdfs_directory_with_quota_feature
  CHANGE COLUMN dsquota ssquota BIGINT,
  CHANGE COLUMN diskspace storage_space BIGINT,
  ADD COLUMN typespace_quota_disk BIGINT NOT NULL DEFAULT -1,
  ADD COLUMN typespace_quota_ssd BIGINT NOT NULL DEFAULT -1,
  ADD COLUMN typespace_quota_raid5 BIGINT NOT NULL DEFAULT -1,
  ADD COLUMN typespace_quota_archive BIGINT NOT NULL DEFAULT -1,
  ADD COLUMN typespace_quota_db BIGINT NOT NULL DEFAULT -1,
  ADD COLUMN typespace_used_disk BIGINT NOT NULL DEFAULT -1,
  ADD COLUMN typespace_used_ssd BIGINT NOT NULL DEFAULT -1,
  ADD COLUMN typespace_used_raid5 BIGINT NOT NULL DEFAULT -1,
  ADD COLUMN typespace_used_archive BIGINT NOT NULL DEFAULT -1,
  ADD COLUMN typespace_used_db BIGINT NOT NULL DEFAULT -1;

ALTER TABLE hdfs_quota_update
  CHANGE COLUMN diskspace_delta storage_space_delta BIGINT,
  ADD COLUMN typespace_delta_disk BIGINT NOT NULL DEFAULT -1,
  ADD COLUMN typespace_delta_ssd BIGINT NOT NULL DEFAULT -1,
  ADD COLUMN typespace_delta_raid5 BIGINT NOT NULL DEFAULT -1,
  ADD COLUMN typespace_delta_archive BIGINT NOT NULL DEFAULT -1,
  ADD COLUMN typespace_delta_db BIGINT NOT NULL DEFAULT -1;

ALTER TABLE yarn_applicationattemptstate DROP FOREIGN KEY applicationid;

ALTER TABLE yarn_applicationattemptstate MODIFY COLUMN applicationattemptstate LONGBLOB;

ALTER TABLE yarn_applicationstate MODIFY COLUMN appstate LONGBLOB;

CREATE TABLE hdfs_xattrs (
  inode_id BIGINT NOT NULL,
  namespace TINYINT NOT NULL,
  name VARCHAR(255) NOT NULL,
  value VARCHAR(13500) DEFAULT '',
  PRIMARY KEY (inode_id, namespace, name)
) ENGINE=ndbcluster DEFAULT CHARSET=latin1 COLLATE=latin1_general_cs COMMENT='NDB_TABLE=READ_BACKUP=1'
PARTITION BY KEY (inode_id);

ALTER TABLE hdfs_inodes ADD COLUMN num_xattrs TINYINT NOT NULL DEFAULT 0;

ALTER TABLE hdfs_metadata_log
  CHANGE COLUMN inode_partition_id pk1 BIGINT,
  CHANGE COLUMN inode_parent_id pk2 BIGINT,
  CHANGE COLUMN inode_name pk3 VARCHAR(255) NOT NULL DEFAULT '';

ALTER TABLE hdfs_active_block_reports ADD COLUMN nn_address VARCHAR(128) COLLATE latin1_general_cs NOT NULL;

ALTER TABLE hdfs_on_going_sub_tree_ops
  ADD COLUMN start_time BIGINT NOT NULL,
  ADD COLUMN async_lock_recovery_time BIGINT NOT NULL DEFAULT 0,
  ADD COLUMN user VARCHAR(256) NOT NULL DEFAULT '',
  ADD COLUMN inode_id BIGINT NOT NULL DEFAULT 0;
