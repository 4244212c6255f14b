-- The whole schema of λFS on HopsFS 3.2.0.0, made from nothing: the same as all V scripts one after the other

-- Disk data: belongs to the whole cluster, so it outlives the database and may exist already
CREATE LOGFILE GROUP lg_1 ADD UNDOFILE 'undo_log_0.log' INITIAL_SIZE 128M ENGINE ndbcluster;
CREATE TABLESPACE ts_1 ADD DATAFILE 'ts_1_data_file_0.dat' USE LOGFILE GROUP lg_1 INITIAL_SIZE 128M ENGINE ndbcluster;

-- Directory tree
CREATE TABLE hdfs_inodes (
  partition_id BIGINT NOT NULL,
  parent_id BIGINT NOT NULL,
  name VARCHAR(255) NOT NULL DEFAULT '',
  id BIGINT,
  user_id INT,
  group_id INT,
  modification_time BIGINT,
  access_time BIGINT,
  permission SMALLINT,
  client_name VARCHAR(100),
  client_machine VARCHAR(100),
  generation_stamp INT,
  header BIGINT,
  symlink VARCHAR(255),
  subtree_lock_owner BIGINT,
  size BIGINT NOT NULL DEFAULT 0,
  quota_enabled TINYINT NOT NULL,
  meta_enabled TINYINT DEFAULT 0,
  is_dir TINYINT NOT NULL,
  under_construction TINYINT NOT NULL,
  subtree_locked TINYINT,
  file_stored_in_db TINYINT NOT NULL DEFAULT 0,
  logical_time INT NOT NULL DEFAULT 0,
  storage_policy BIT(8) NOT NULL DEFAULT b'0',
  children_num INT NOT NULL DEFAULT 0,
  num_aces INT NOT NULL DEFAULT 0,
  num_user_xattrs TINYINT NOT NULL DEFAULT 0,
  num_sys_xattrs TINYINT NOT NULL DEFAULT 0,
  PRIMARY KEY (partition_id, parent_id, name),
  KEY c1 (parent_id, partition_id),
  KEY c2 (partition_id, parent_id),
  KEY inode_idx (id),
  KEY pidex (parent_id)
) ENGINE=ndbcluster DEFAULT CHARSET=latin1 COLLATE=latin1_general_cs COMMENT='NDB_TABLE=READ_BACKUP=1'
PARTITION BY KEY (partition_id);

CREATE TABLE hdfs_directory_with_quota_feature (
  inodeId BIGINT NOT NULL,
  nsquota BIGINT,
  ssquota BIGINT,
  nscount BIGINT,
  storage_space BIGINT,
  typespace_quota_disk BIGINT NOT NULL DEFAULT -1,
  typespace_quota_ssd BIGINT NOT NULL DEFAULT -1,
  typespace_quota_raid5 BIGINT NOT NULL DEFAULT -1,
  typespace_quota_archive BIGINT NOT NULL DEFAULT -1,
  typespace_quota_db BIGINT NOT NULL DEFAULT -1,
  typespace_used_disk BIGINT NOT NULL DEFAULT -1,
  typespace_used_ssd BIGINT NOT NULL DEFAULT -1,
  typespace_used_raid5 BIGINT NOT NULL DEFAULT -1,
  typespace_used_archive BIGINT NOT NULL DEFAULT -1,
  typespace_used_db BIGINT NOT NULL DEFAULT -1,
  typespace_used_provided BIGINT NOT NULL DEFAULT -1,
  typespace_quota_provided BIGINT NOT NULL DEFAULT -1,
  PRIMARY KEY (inodeId)
) ENGINE=ndbcluster DEFAULT CHARSET=latin1 COLLATE=latin1_general_cs COMMENT='NDB_TABLE=READ_BACKUP=1'
PARTITION BY KEY (inodeId);

CREATE TABLE hdfs_quota_update (
  id INT NOT NULL,
  inode_id BIGINT NOT NULL,
  namespace_delta BIGINT,
  storage_space_delta BIGINT,
  typespace_delta_disk BIGINT NOT NULL DEFAULT -1,
  typespace_delta_ssd BIGINT NOT NULL DEFAULT -1,
  typespace_delta_raid5 BIGINT NOT NULL DEFAULT -1,
  typespace_delta_archive BIGINT NOT NULL DEFAULT -1,
  typespace_delta_db BIGINT NOT NULL DEFAULT -1,
  typespace_delta_provided BIGINT NOT NULL DEFAULT -1,
  PRIMARY KEY (inode_id, id)
) ENGINE=ndbcluster DEFAULT CHARSET=latin1 COLLATE=latin1_general_cs
PARTITION BY KEY (inode_id);

CREATE TABLE hdfs_aces (
  inode_id BIGINT NOT NULL,
  `index` INT NOT NULL,
  subject VARCHAR(100) NOT NULL,
  type INT NOT NULL DEFAULT 0,
  is_default TINYINT NOT NULL DEFAULT 0,
  permission INT NOT NULL DEFAULT 0,
  PRIMARY KEY (inode_id, `index`),
  KEY inode_idx (`index`)
) ENGINE=ndbcluster DEFAULT CHARSET=latin1 COLLATE=latin1_general_cs COMMENT='NDB_TABLE=READ_BACKUP=1'
PARTITION BY KEY (inode_id);

CREATE TABLE hdfs_xattrs (
  inode_id BIGINT NOT NULL,
  namespace TINYINT NOT NULL,
  name VARCHAR(255) NOT NULL,
  value VARBINARY(13500) DEFAULT '',
  num_parts SMALLINT NOT NULL DEFAULT 1,
  `index` SMALLINT NOT NULL DEFAULT 0,
  PRIMARY KEY (inode_id, namespace, name, `index`)
) ENGINE=ndbcluster DEFAULT CHARSET=latin1 COLLATE=latin1_general_cs COMMENT='NDB_TABLE=READ_BACKUP=1'
PARTITION BY KEY (inode_id);

CREATE TABLE hdfs_encryption_zone (
  inode_id BIGINT NOT NULL,
  zone_info VARBINARY(13500),
  PRIMARY KEY (inode_id)
) ENGINE=ndbcluster DEFAULT CHARSET=latin1 COLLATE=latin1_general_cs COMMENT='NDB_TABLE=READ_BACKUP=1';

CREATE TABLE hdfs_on_going_sub_tree_ops (
  partition_id INT NOT NULL DEFAULT 0,
  path VARCHAR(3000) NOT NULL,
  namenode_id BIGINT NOT NULL,
  op_name INT NOT NULL,
  start_time BIGINT NOT NULL,
  async_lock_recovery_time BIGINT NOT NULL DEFAULT 0,
  user VARCHAR(256) NOT NULL DEFAULT '',
  inode_id BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (partition_id, path),
  KEY nameidx (path),
  KEY partindex (partition_id)
) ENGINE=ndbcluster DEFAULT CHARSET=latin1 COLLATE=latin1_general_cs COMMENT='NDB_TABLE=READ_BACKUP=1'
PARTITION BY KEY (partition_id);

CREATE TABLE hdfs_inode_dataset_lookup (
  inode_id BIGINT NOT NULL,
  dataset_id BIGINT,
  PRIMARY KEY (inode_id),
  KEY dataset_id (dataset_id)
) ENGINE=ndbcluster DEFAULT CHARSET=latin1 COLLATE=latin1_general_cs;

CREATE TABLE hdfs_metadata_log (
  dataset_id BIGINT NOT NULL,
  inode_id BIGINT NOT NULL,
  logical_time INT NOT NULL,
  pk1 BIGINT,
  pk2 BIGINT,
  pk3 VARCHAR(255) NOT NULL DEFAULT '',
  operation SMALLINT NOT NULL,
  inode_partition_id BIGINT,
  inode_parent_id BIGINT,
  inode_name VARCHAR(255) NOT NULL DEFAULT '',
  PRIMARY KEY (dataset_id, inode_id, logical_time),
  KEY logical_time (logical_time)
) ENGINE=ndbcluster DEFAULT CHARSET=latin1 COLLATE=latin1_general_cs COMMENT='NDB_TABLE=READ_BACKUP=1';

CREATE TABLE hdfs_path_memcached (
  path VARCHAR(128) NOT NULL,
  inodeids VARBINARY(13500) NOT NULL,
  PRIMARY KEY (path)
) ENGINE=ndbcluster DEFAULT CHARSET=latin1 COLLATE=latin1_general_cs;

-- Small files, kept in the database: the smallest in memory, the others on disk
CREATE TABLE hdfs_inmemory_file_inode_data (
  inode_id BIGINT NOT NULL,
  data VARBINARY(1024) NOT NULL,
  PRIMARY KEY (inode_id)
) ENGINE=ndbcluster DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci COMMENT='NDB_TABLE=READ_BACKUP=1'
PARTITION BY KEY (inode_id);

CREATE TABLE hdfs_ondisk_small_file_inode_data (
  inode_id BIGINT NOT NULL,
  data VARBINARY(2000) NOT NULL,
  PRIMARY KEY (inode_id)
) ENGINE=ndbcluster DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci COMMENT='NDB_TABLE=READ_BACKUP=1'
TABLESPACE ts_1 STORAGE DISK
PARTITION BY KEY (inode_id);

CREATE TABLE hdfs_ondisk_medium_file_inode_data (
  inode_id BIGINT NOT NULL,
  data VARBINARY(4000) NOT NULL,
  PRIMARY KEY (inode_id)
) ENGINE=ndbcluster DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci COMMENT='NDB_TABLE=READ_BACKUP=1'
TABLESPACE ts_1 STORAGE DISK
PARTITION BY KEY (inode_id);

CREATE TABLE hdfs_ondisk_large_file_inode_data (
  inode_id BIGINT NOT NULL,
  dindex INT NOT NULL,
  data VARBINARY(8000) NOT NULL,
  PRIMARY KEY (inode_id, dindex)
) ENGINE=ndbcluster DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci COMMENT='NDB_TABLE=READ_BACKUP=1'
TABLESPACE ts_1 STORAGE DISK
PARTITION BY KEY (inode_id);

-- Blocks and replicas
CREATE TABLE hdfs_block_infos (
  inode_id BIGINT NOT NULL,
  block_id BIGINT NOT NULL,
  block_index INT,
  num_bytes BIGINT,
  generation_stamp BIGINT,
  block_under_construction_state INT,
  time_stamp BIGINT,
  primary_node_index INT,
  block_recovery_id BIGINT,
  truncate_block_num_bytes BIGINT NOT NULL DEFAULT -1,
  truncate_block_generation_stamp BIGINT NOT NULL DEFAULT -1,
  PRIMARY KEY (inode_id, block_id)
) ENGINE=ndbcluster DEFAULT CHARSET=latin1 COLLATE=latin1_general_cs COMMENT='NDB_TABLE=READ_BACKUP=1'
PARTITION BY KEY (inode_id);

CREATE TABLE hdfs_block_lookup_table (
  block_id BIGINT NOT NULL,
  inode_id BIGINT,
  PRIMARY KEY (block_id)
) ENGINE=ndbcluster DEFAULT CHARSET=latin1 COLLATE=latin1_general_cs COMMENT='NDB_TABLE=READ_BACKUP=1'
PARTITION BY KEY (block_id);

CREATE TABLE hdfs_block_checksum (
  inode_id BIGINT NOT NULL,
  block_index INT NOT NULL,
  checksum BIGINT NOT NULL,
  PRIMARY KEY (inode_id, block_index)
) ENGINE=ndbcluster DEFAULT CHARSET=latin1 COLLATE=latin1_general_cs
PARTITION BY KEY (inode_id);

CREATE TABLE hdfs_replicas (
  inode_id BIGINT NOT NULL,
  block_id BIGINT NOT NULL,
  storage_id INT NOT NULL,
  bucket_id INT NOT NULL,
  PRIMARY KEY (inode_id, block_id, storage_id),
  KEY hash_bucket_idx (bucket_id),
  KEY storage_and_bucket_idx (storage_id, bucket_id),
  KEY storage_idx (storage_id)
) ENGINE=ndbcluster DEFAULT CHARSET=latin1 COLLATE=latin1_general_cs COMMENT='NDB_TABLE=READ_BACKUP=1'
PARTITION BY KEY (inode_id);

CREATE TABLE hdfs_replica_under_constructions (
  inode_id BIGINT NOT NULL,
  block_id BIGINT NOT NULL,
  storage_id INT NOT NULL,
  state INT,
  bucket_id INT NOT NULL,
  chosen_as_primary TINYINT NOT NULL DEFAULT 0,
  generation_stamp BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (inode_id, block_id, storage_id)
) ENGINE=ndbcluster DEFAULT CHARSET=latin1 COLLATE=latin1_general_cs COMMENT='NDB_TABLE=READ_BACKUP=1'
PARTITION BY KEY (inode_id);

CREATE TABLE hdfs_pending_blocks (
  inode_id BIGINT NOT NULL,
  block_id BIGINT NOT NULL,
  time_stamp BIGINT NOT NULL,
  target VARCHAR(255) NOT NULL,
  PRIMARY KEY (inode_id, block_id, target)
) ENGINE=ndbcluster DEFAULT CHARSET=latin1 COLLATE=latin1_general_cs COMMENT='NDB_TABLE=READ_BACKUP=1'
PARTITION BY KEY (inode_id);

CREATE TABLE hdfs_corrupt_replicas (
  inode_id BIGINT NOT NULL,
  block_id BIGINT NOT NULL,
  storage_id INT NOT NULL,
  timestamp BIGINT NOT NULL,
  reason VARCHAR(100) NOT NULL DEFAULT 'NONE',
  PRIMARY KEY (inode_id, block_id, storage_id),
  KEY timestamp (timestamp)
) ENGINE=ndbcluster DEFAULT CHARSET=latin1 COLLATE=latin1_general_cs COMMENT='NDB_TABLE=READ_BACKUP=1'
PARTITION BY KEY (inode_id);

CREATE TABLE hdfs_excess_replicas (
  inode_id BIGINT NOT NULL,
  block_id BIGINT NOT NULL,
  storage_id INT NOT NULL,
  PRIMARY KEY (inode_id, block_id, storage_id),
  KEY storage_idx (storage_id)
) ENGINE=ndbcluster DEFAULT CHARSET=latin1 COLLATE=latin1_general_cs COMMENT='NDB_TABLE=READ_BACKUP=1'
PARTITION BY KEY (inode_id);

CREATE TABLE hdfs_invalidated_blocks (
  inode_id BIGINT NOT NULL,
  block_id BIGINT NOT NULL,
  storage_id INT NOT NULL,
  generation_stamp BIGINT,
  num_bytes BIGINT,
  PRIMARY KEY (inode_id, block_id, storage_id),
  KEY storage_idx (storage_id)
) ENGINE=ndbcluster DEFAULT CHARSET=latin1 COLLATE=latin1_general_cs COMMENT='NDB_TABLE=READ_BACKUP=1'
PARTITION BY KEY (inode_id);

CREATE TABLE hdfs_under_replicated_blocks (
  inode_id BIGINT NOT NULL,
  block_id BIGINT NOT NULL,
  level INT,
  timestamp BIGINT NOT NULL,
  expected_replicas INT NOT NULL DEFAULT 3,
  PRIMARY KEY (inode_id, block_id),
  KEY level (level, timestamp)
) ENGINE=ndbcluster DEFAULT CHARSET=latin1 COLLATE=latin1_general_cs COMMENT='NDB_TABLE=READ_BACKUP=1'
PARTITION BY KEY (inode_id);

CREATE TABLE hdfs_misreplicated_range_queue (
  nn_id BIGINT NOT NULL,
  start_index BIGINT NOT NULL,
  PRIMARY KEY (nn_id)
) ENGINE=ndbcluster DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE hdfs_safe_blocks (
  id BIGINT NOT NULL,
  PRIMARY KEY (id)
) ENGINE=ndbcluster DEFAULT CHARSET=latin1 COLLATE=latin1_general_cs;

CREATE TABLE hdfs_hash_buckets (
  storage_id INT NOT NULL,
  bucket_id INT NOT NULL,
  hash BINARY(20) NOT NULL DEFAULT '0',
  PRIMARY KEY (storage_id, bucket_id),
  KEY storage_idx (storage_id)
) ENGINE=ndbcluster DEFAULT CHARSET=latin1 COLLATE=latin1_general_cs
PARTITION BY KEY (storage_id);

CREATE TABLE hdfs_storage_id_map (
  storage_id VARCHAR(128) NOT NULL,
  sid INT NOT NULL,
  PRIMARY KEY (storage_id)
) ENGINE=ndbcluster DEFAULT CHARSET=latin1 COLLATE=latin1_general_cs;

CREATE TABLE hdfs_storages (
  host_id VARCHAR(255) NOT NULL,
  storage_id INT NOT NULL,
  storage_type INT NOT NULL,
  state VARCHAR(100) NOT NULL DEFAULT 'NORMAL',
  PRIMARY KEY (storage_id)
) ENGINE=ndbcluster DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE hdfs_active_block_reports (
  dn_address VARCHAR(128) NOT NULL,
  nn_id BIGINT,
  start_time BIGINT,
  num_blocks BIGINT,
  nn_address VARCHAR(128) COLLATE latin1_general_cs NOT NULL,
  PRIMARY KEY (dn_address)
) ENGINE=ndbcluster DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

-- Erasure coding
CREATE TABLE hdfs_encoding_status (
  inode_id BIGINT NOT NULL,
  status INT,
  codec VARCHAR(8),
  target_replication SMALLINT,
  parity_status INT,
  status_modification_time BIGINT,
  parity_status_modification_time BIGINT,
  parity_inode_id BIGINT,
  parity_file_name CHAR(36),
  lost_blocks INT DEFAULT 0,
  lost_parity_blocks INT DEFAULT 0,
  revoked TINYINT DEFAULT 0,
  PRIMARY KEY (inode_id),
  UNIQUE KEY parity_inode_id (parity_inode_id)
) ENGINE=ndbcluster DEFAULT CHARSET=latin1 COLLATE=latin1_general_cs;

CREATE TABLE hdfs_encoding_jobs (
  jt_identifier VARCHAR(50) NOT NULL,
  job_id INT NOT NULL,
  path VARCHAR(3000) NOT NULL,
  job_dir VARCHAR(200) NOT NULL,
  PRIMARY KEY (jt_identifier, job_id)
) ENGINE=ndbcluster DEFAULT CHARSET=latin1 COLLATE=latin1_general_cs;

CREATE TABLE hdfs_repair_jobs (
  jt_identifier VARCHAR(50) NOT NULL,
  job_id INT NOT NULL,
  path VARCHAR(3000) NOT NULL,
  in_dir VARCHAR(3000) NOT NULL,
  out_dir VARCHAR(3000) NOT NULL,
  PRIMARY KEY (jt_identifier, job_id)
) ENGINE=ndbcluster DEFAULT CHARSET=latin1 COLLATE=latin1_general_cs;

-- Cache pools and directives
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

CREATE TABLE hdfs_cached_block (
  block_id BIGINT NOT NULL,
  inode_id BIGINT NOT NULL,
  datanode_id VARCHAR(250) NOT NULL,
  status VARCHAR(250) NOT NULL,
  replication_and_mark SMALLINT NOT NULL,
  PRIMARY KEY (block_id, inode_id, datanode_id),
  KEY inode_id (inode_id)
) ENGINE=ndbcluster DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

-- Users and groups
CREATE TABLE hdfs_users (
  id INT NOT NULL AUTO_INCREMENT,
  name VARCHAR(100) NOT NULL DEFAULT '',
  PRIMARY KEY (id),
  UNIQUE KEY name (name)
) ENGINE=ndbcluster DEFAULT CHARSET=latin1 COLLATE=latin1_general_cs
PARTITION BY KEY (id);

CREATE TABLE hdfs_groups (
  id INT NOT NULL AUTO_INCREMENT,
  name VARCHAR(100) NOT NULL DEFAULT '',
  PRIMARY KEY (id),
  UNIQUE KEY name (name)
) ENGINE=ndbcluster DEFAULT CHARSET=latin1 COLLATE=latin1_general_cs
PARTITION BY KEY (id);

CREATE TABLE hdfs_users_groups (
  user_id INT NOT NULL,
  group_id INT NOT NULL,
  PRIMARY KEY (user_id, group_id),
  KEY group_id (group_id),
  CONSTRAINT group_id FOREIGN KEY (group_id) REFERENCES hdfs_groups (id) ON DELETE CASCADE,
  CONSTRAINT user_id FOREIGN KEY (user_id) REFERENCES hdfs_users (id) ON DELETE CASCADE
) ENGINE=ndbcluster DEFAULT CHARSET=latin1 COLLATE=latin1_general_cs
PARTITION BY KEY (user_id);

-- NameNodes: leader election, leases, retried calls, counters
CREATE TABLE hdfs_le_descriptors (
  id BIGINT NOT NULL,
  counter BIGINT NOT NULL,
  rpc_addresses VARCHAR(128) NOT NULL,
  http_address VARCHAR(100),
  partition_val INT NOT NULL DEFAULT 0,
  location_domain_id TINYINT DEFAULT 0,
  PRIMARY KEY (id, partition_val),
  KEY part (partition_val)
) ENGINE=ndbcluster DEFAULT CHARSET=latin1 COLLATE=latin1_general_cs
PARTITION BY KEY (partition_val);

CREATE TABLE hdfs_leases (
  holder_id INT NOT NULL DEFAULT 0,
  holder VARCHAR(255) NOT NULL,
  last_update BIGINT,
  count INT NOT NULL DEFAULT 0,
  PRIMARY KEY (holder_id, holder),
  KEY update_idx (last_update)
) ENGINE=ndbcluster DEFAULT CHARSET=latin1 COLLATE=latin1_general_cs COMMENT='NDB_TABLE=READ_BACKUP=1'
PARTITION BY KEY (holder_id);

CREATE TABLE hdfs_lease_paths (
  holder_id INT NOT NULL,
  path VARCHAR(3000) NOT NULL,
  last_block_id BIGINT DEFAULT -1,
  penultimate_block_id BIGINT DEFAULT -1,
  PRIMARY KEY (holder_id, path),
  KEY path_idx (path)
) ENGINE=ndbcluster DEFAULT CHARSET=latin1 COLLATE=latin1_general_cs COMMENT='NDB_TABLE=READ_BACKUP=1'
PARTITION BY KEY (holder_id);

CREATE TABLE hdfs_lease_creation_locks (
  id INT NOT NULL,
  PRIMARY KEY (id)
) ENGINE=ndbcluster DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE hdfs_retry_cache_entry (
  client_id VARBINARY(16) NOT NULL,
  call_id INT NOT NULL,
  payload VARBINARY(13500),
  expiration_time BIGINT,
  state BIT(8),
  epoch BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (client_id, call_id, epoch),
  KEY expiration_time (expiration_time)
) ENGINE=ndbcluster DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci
PARTITION BY KEY (epoch);

CREATE TABLE hdfs_variables (
  id INT NOT NULL,
  value VARBINARY(500) NOT NULL,
  PRIMARY KEY (id)
) ENGINE=ndbcluster DEFAULT CHARSET=latin1 COLLATE=latin1_general_cs;

-- Provenance
CREATE TABLE hdfs_file_provenance_log (
  inode_id BIGINT NOT NULL,
  inode_operation VARCHAR(45) NOT NULL,
  io_logical_time INT NOT NULL,
  io_timestamp BIGINT NOT NULL,
  io_app_id VARCHAR(45) NOT NULL,
  io_user_id INT NOT NULL,
  tb VARCHAR(50) NOT NULL,
  i_partition_id BIGINT NOT NULL,
  project_i_id BIGINT NOT NULL,
  dataset_i_id BIGINT NOT NULL,
  parent_i_id BIGINT NOT NULL,
  i_name VARCHAR(255) NOT NULL,
  project_name VARCHAR(255) NOT NULL,
  dataset_name VARCHAR(255) NOT NULL,
  i_p1_name VARCHAR(255) NOT NULL,
  i_p2_name VARCHAR(255) NOT NULL,
  i_parent_name VARCHAR(255) NOT NULL,
  io_user_name VARCHAR(100) NOT NULL,
  i_xattr_name VARCHAR(255) NOT NULL,
  io_logical_time_batch INT NOT NULL,
  io_timestamp_batch BIGINT NOT NULL,
  ds_logical_time INT NOT NULL,
  i_xattr_num_parts SMALLINT NOT NULL DEFAULT 1,
  PRIMARY KEY (inode_id, inode_operation, io_logical_time, io_timestamp, io_app_id, io_user_id, tb),
  KEY io_logical_time (io_logical_time)
) ENGINE=ndbcluster DEFAULT CHARSET=latin1 COLLATE=latin1_general_cs COMMENT='NDB_TABLE=READ_BACKUP=1';

CREATE TABLE hdfs_file_provenance_xattrs_buffer (
  inode_id BIGINT NOT NULL,
  namespace TINYINT NOT NULL,
  name VARCHAR(255) NOT NULL,
  inode_logical_time INT NOT NULL,
  value VARBINARY(13500) DEFAULT '',
  num_parts SMALLINT NOT NULL DEFAULT 1,
  `index` SMALLINT NOT NULL DEFAULT 0,
  PRIMARY KEY (inode_id, namespace, name, inode_logical_time, `index`),
  KEY xattr_versions (inode_id, namespace, name)
) ENGINE=ndbcluster DEFAULT CHARSET=latin1 COLLATE=latin1_general_cs COMMENT='NDB_TABLE=READ_BACKUP=1'
PARTITION BY KEY (inode_id);

CREATE TABLE yarn_app_provenance_log (
  id VARCHAR(45) NOT NULL,
  state VARCHAR(45) NOT NULL,
  timestamp BIGINT NOT NULL,
  name VARCHAR(200) NOT NULL,
  user VARCHAR(100) NOT NULL,
  submit_time BIGINT NOT NULL,
  start_time BIGINT NOT NULL,
  finish_time BIGINT NOT NULL,
  PRIMARY KEY (id, state, timestamp)
) ENGINE=ndbcluster DEFAULT CHARSET=latin1 COLLATE=latin1_general_cs;

-- ResourceManager
CREATE TABLE yarn_le_descriptors (
  id BIGINT NOT NULL,
  counter BIGINT NOT NULL,
  rpc_addresses VARCHAR(128) NOT NULL,
  http_address VARCHAR(100),
  partition_val INT NOT NULL DEFAULT 0,
  location_domain_id TINYINT DEFAULT 0,
  PRIMARY KEY (id, partition_val),
  KEY part (partition_val)
) ENGINE=ndbcluster DEFAULT CHARSET=latin1 COLLATE=latin1_general_cs
PARTITION BY KEY (partition_val);

CREATE TABLE yarn_applicationstate (
  applicationid VARCHAR(45) NOT NULL,
  appstate LONGBLOB,
  appuser VARCHAR(100),
  appname VARCHAR(200),
  appsmstate VARCHAR(45),
  PRIMARY KEY (applicationid)
) ENGINE=ndbcluster DEFAULT CHARSET=latin1 COLLATE=latin1_general_cs
PARTITION BY KEY (applicationid);

CREATE TABLE yarn_applicationattemptstate (
  applicationid VARCHAR(45) NOT NULL,
  applicationattemptid VARCHAR(45) NOT NULL,
  applicationattemptstate LONGBLOB,
  applicationattempttrakingurl VARCHAR(120),
  PRIMARY KEY (applicationid, applicationattemptid),
  KEY applicationid (applicationid)
) ENGINE=ndbcluster DEFAULT CHARSET=latin1 COLLATE=latin1_general_cs
PARTITION BY KEY (applicationid);

CREATE TABLE yarn_delegation_key (
  `key` INT NOT NULL,
  delegationkey VARBINARY(13500),
  PRIMARY KEY (`key`)
) ENGINE=ndbcluster DEFAULT CHARSET=latin1 COLLATE=latin1_general_cs;

CREATE TABLE yarn_delegation_token (
  seq_number INT NOT NULL,
  rmdt_identifier VARBINARY(13500),
  PRIMARY KEY (seq_number)
) ENGINE=ndbcluster DEFAULT CHARSET=latin1 COLLATE=latin1_general_cs;

CREATE TABLE yarn_reservation_state (
  plan_name VARCHAR(255) NOT NULL,
  reservation_id_name VARCHAR(255) NOT NULL,
  state VARBINARY(13000) NOT NULL,
  PRIMARY KEY (plan_name, reservation_id_name)
) ENGINE=ndbcluster DEFAULT CHARSET=latin1 COLLATE=latin1_general_cs
PARTITION BY KEY (reservation_id_name);

CREATE TABLE yarn_conf (
  `index` INT NOT NULL,
  conf BLOB NOT NULL,
  PRIMARY KEY (`index`)
) ENGINE=ndbcluster DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

CREATE TABLE yarn_conf_mutation (
  `index` INT NOT NULL,
  mutation VARBINARY(13000) NOT NULL,
  PRIMARY KEY (`index`)
) ENGINE=ndbcluster DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;

-- Quotas and prices
CREATE TABLE yarn_projects_quota (
  projectname VARCHAR(100) NOT NULL,
  total FLOAT DEFAULT 0,
  quota_remaining FLOAT DEFAULT 0,
  PRIMARY KEY (projectname)
) ENGINE=ndbcluster DEFAULT CHARSET=latin1 COLLATE=latin1_general_cs
PARTITION BY KEY (projectname);

CREATE TABLE yarn_projects_daily_cost (
  user VARCHAR(255) NOT NULL,
  projectname VARCHAR(100) NOT NULL,
  day BIGINT NOT NULL,
  credits_used FLOAT,
  app_ids VARCHAR(3000) NOT NULL DEFAULT '',
  PRIMARY KEY (projectname, day, user)
) ENGINE=ndbcluster DEFAULT CHARSET=latin1 COLLATE=latin1_general_cs
PARTITION BY KEY (user);

CREATE TABLE yarn_price_multiplicator (
  id VARCHAR(255) NOT NULL,
  multiplicator FLOAT NOT NULL,
  PRIMARY KEY (id)
) ENGINE=ndbcluster DEFAULT CHARSET=latin1 COLLATE=latin1_general_cs;

-- λFS: NameNodes and DataNodes that the functions know of
CREATE TABLE serverless_namenodes (
  namenode_id BIGINT NOT NULL,
  function_name VARCHAR(36) NOT NULL,
  replica_id VARCHAR(36) NOT NULL,
  creation_time BIGINT,
  PRIMARY KEY (namenode_id, function_name),
  UNIQUE KEY namenode_idx (namenode_id),
  KEY function_namex (function_name)
) ENGINE=ndbcluster DEFAULT CHARSET=latin1 COLLATE=latin1_general_cs;

CREATE TABLE datanodes (
  datanode_uuid VARCHAR(36) NOT NULL,
  hostname VARCHAR(253) NOT NULL,
  ipaddr VARCHAR(15) NOT NULL,
  xfer_port INT,
  info_port INT,
  info_secure_port INT,
  ipc_port INT,
  creation_time BIGINT,
  PRIMARY KEY (datanode_uuid)
) ENGINE=ndbcluster DEFAULT CHARSET=latin1 COLLATE=latin1_general_cs;

CREATE TABLE datanode_storages (
  datanode_uuid VARCHAR(36) NOT NULL,
  storage_id VARCHAR(255) NOT NULL,
  state INT NOT NULL,
  storage_type INT NOT NULL,
  PRIMARY KEY (datanode_uuid, storage_id),
  CONSTRAINT datanode_storages_fk_1 FOREIGN KEY (datanode_uuid) REFERENCES datanodes (datanode_uuid)
) ENGINE=ndbcluster DEFAULT CHARSET=latin1 COLLATE=latin1_general_cs;

CREATE TABLE storage_reports (
  group_id BIGINT NOT NULL,
  report_id INT NOT NULL,
  datanode_uuid VARCHAR(36) NOT NULL,
  failed BIT(1) NOT NULL,
  capacity BIGINT NOT NULL,
  dfsUsed BIGINT NOT NULL,
  remaining BIGINT NOT NULL,
  blockPoolUsed BIGINT NOT NULL,
  datanodeStorageId VARCHAR(255) NOT NULL,
  PRIMARY KEY (group_id, report_id, datanode_uuid),
  KEY datanode_uuid (datanode_uuid),
  CONSTRAINT storage_reports_fk_1 FOREIGN KEY (datanode_uuid) REFERENCES datanodes (datanode_uuid)
) ENGINE=ndbcluster DEFAULT CHARSET=latin1 COLLATE=latin1_general_cs;

CREATE TABLE intermediate_block_reports (
  report_id INT NOT NULL,
  datanode_uuid VARCHAR(36) NOT NULL,
  published_at BIGINT NOT NULL,
  pool_id VARCHAR(255) NOT NULL,
  received_and_deleted_blocks VARCHAR(5000) NOT NULL,
  PRIMARY KEY (report_id, datanode_uuid),
  KEY datanode_uuid (datanode_uuid),
  CONSTRAINT intermediate_block_reports_fk_1 FOREIGN KEY (datanode_uuid) REFERENCES datanodes (datanode_uuid)
) ENGINE=ndbcluster DEFAULT CHARSET=latin1 COLLATE=latin1_general_cs;
