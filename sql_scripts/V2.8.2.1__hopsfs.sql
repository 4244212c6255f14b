-- HopsFS 2.8.2.1, the oldest version that can be upgraded

-- Disk data: belongs to the whole cluster, so it outlives the database and may exist already
CREATE LOGFILE GROUP lg_1 ADD UNDOFILE 'undo_log_0.log' INITIAL_SIZE 128M ENGINE ndbcluster;
CREATE TABLESPACE ts_1 ADD DATAFILE 'ts_1_data_file_0.dat' USE LOGFILE GROUP lg_1 INITIAL_SIZE 128M ENGINE ndbcluster;

-- Directory tree
CREATE TABLE hdfs_inodes (
  partition_id INT NOT NULL,
  parent_id INT NOT NULL DEFAULT 0,
  name VARCHAR(255) NOT NULL DEFAULT '',
  id INT NOT NULL,
  user_id INT,
  group_id INT,
  modification_time BIGINT,
  access_time BIGINT,
  permission SMALLINT,
  client_name VARCHAR(100),
  client_machine VARCHAR(100),
  client_node VARCHAR(100),
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
  PRIMARY KEY (partition_id, parent_id, name),
  KEY pidex (parent_id),
  KEY inode_idx (id),
  KEY c1 (parent_id, partition_id),
  KEY c2 (partition_id, parent_id)
) ENGINE=ndbcluster DEFAULT CHARSET=latin1 COLLATE=latin1_general_cs COMMENT='NDB_TABLE=READ_BACKUP=1'
PARTITION BY KEY (partition_id);

CREATE TABLE hdfs_inode_attributes (
  inodeId INT NOT NULL,
  nsquota BIGINT,
  dsquota BIGINT,
  nscount BIGINT,
  diskspace BIGINT,
  PRIMARY KEY (inodeId)
) ENGINE=ndbcluster DEFAULT CHARSET=latin1 COLLATE=latin1_general_cs COMMENT='NDB_TABLE=READ_BACKUP=1'
PARTITION BY KEY (inodeId);

CREATE TABLE hdfs_quota_update (
  id INT NOT NULL,
  inode_id INT NOT NULL,
  namespace_delta BIGINT,
  diskspace_delta BIGINT,
  PRIMARY KEY (inode_id, id)
) ENGINE=ndbcluster DEFAULT CHARSET=latin1 COLLATE=latin1_general_cs
PARTITION BY KEY (inode_id);

CREATE TABLE hdfs_on_going_sub_tree_ops (
  partition_id INT NOT NULL DEFAULT 0,
  path VARCHAR(3000) NOT NULL,
  namenode_id BIGINT NOT NULL,
  op_name INT NOT NULL,
  PRIMARY KEY (partition_id, path),
  KEY partindex (partition_id),
  KEY nameidx (path)
) ENGINE=ndbcluster DEFAULT CHARSET=latin1 COLLATE=latin1_general_cs COMMENT='NDB_TABLE=READ_BACKUP=1'
PARTITION BY KEY (partition_id);

CREATE TABLE hdfs_inode_dataset_lookup (
  inode_id INT NOT NULL,
  dataset_id INT NOT NULL,
  PRIMARY KEY (inode_id),
  KEY dataset_id (dataset_id)
) ENGINE=ndbcluster DEFAULT CHARSET=latin1 COLLATE=latin1_general_cs;

CREATE TABLE hdfs_metadata_log (
  dataset_id INT NOT NULL,
  inode_id INT NOT NULL,
  timestamp BIGINT NOT NULL,
  inode_partition_id INT NOT NULL,
  inode_parent_id INT NOT NULL,
  inode_name VARCHAR(255) NOT NULL DEFAULT '',
  operation SMALLINT NOT NULL,
  PRIMARY KEY (dataset_id, inode_id, timestamp),
  KEY timestamp (timestamp)
) ENGINE=ndbcluster DEFAULT CHARSET=latin1 COLLATE=latin1_general_cs;

CREATE TABLE hdfs_path_memcached (
  path VARCHAR(128) NOT NULL,
  inodeids VARBINARY(13500) NOT NULL,
  PRIMARY KEY (path)
) ENGINE=ndbcluster DEFAULT CHARSET=latin1 COLLATE=latin1_general_cs;

-- Small files, kept in the database: the smallest in memory, the others on disk
CREATE TABLE hdfs_inmemory_file_inode_data (
  inode_id INT NOT NULL,
  data VARBINARY(1024) NOT NULL,
  PRIMARY KEY (inode_id)
) ENGINE=ndbcluster DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci COMMENT='NDB_TABLE=READ_BACKUP=1'
PARTITION BY KEY (inode_id);

CREATE TABLE hdfs_ondisk_small_file_inode_data (
  inode_id INT NOT NULL,
  data VARBINARY(2000) NOT NULL,
  PRIMARY KEY (inode_id)
) ENGINE=ndbcluster DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci COMMENT='NDB_TABLE=READ_BACKUP=1'
TABLESPACE ts_1 STORAGE DISK
PARTITION BY KEY (inode_id);

CREATE TABLE hdfs_ondisk_medium_file_inode_data (
  inode_id INT NOT NULL,
  data VARBINARY(4000) NOT NULL,
  PRIMARY KEY (inode_id)
) ENGINE=ndbcluster DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci COMMENT='NDB_TABLE=READ_BACKUP=1'
TABLESPACE ts_1 STORAGE DISK
PARTITION BY KEY (inode_id);

CREATE TABLE hdfs_ondisk_large_file_inode_data (
  inode_id INT NOT NULL,
  dindex INT NOT NULL,
  data VARBINARY(8000) NOT NULL,
  PRIMARY KEY (inode_id, dindex)
) ENGINE=ndbcluster DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci COMMENT='NDB_TABLE=READ_BACKUP=1'
TABLESPACE ts_1 STORAGE DISK
PARTITION BY KEY (inode_id);

-- Blocks and replicas
CREATE TABLE hdfs_block_infos (
  inode_id INT NOT NULL,
  block_id BIGINT NOT NULL,
  block_index INT,
  num_bytes BIGINT,
  generation_stamp BIGINT,
  block_under_construction_state INT,
  time_stamp BIGINT,
  primary_node_index INT,
  block_recovery_id BIGINT,
  PRIMARY KEY (inode_id, block_id)
) ENGINE=ndbcluster DEFAULT CHARSET=latin1 COLLATE=latin1_general_cs COMMENT='NDB_TABLE=READ_BACKUP=1'
PARTITION BY KEY (inode_id);

CREATE TABLE hdfs_block_lookup_table (
  block_id BIGINT NOT NULL,
  inode_id INT NOT NULL,
  PRIMARY KEY (block_id)
) ENGINE=ndbcluster DEFAULT CHARSET=latin1 COLLATE=latin1_general_cs COMMENT='NDB_TABLE=READ_BACKUP=1'
PARTITION BY KEY (block_id);

CREATE TABLE hdfs_block_checksum (
  inode_id INT NOT NULL,
  block_index INT NOT NULL,
  checksum BIGINT NOT NULL,
  PRIMARY KEY (inode_id, block_index)
) ENGINE=ndbcluster DEFAULT CHARSET=latin1 COLLATE=latin1_general_cs
PARTITION BY KEY (inode_id);

CREATE TABLE hdfs_replicas (
  inode_id INT NOT NULL,
  block_id BIGINT NOT NULL,
  storage_id INT NOT NULL,
  bucket_id INT NOT NULL,
  PRIMARY KEY (inode_id, block_id, storage_id),
  KEY storage_idx (storage_id),
  KEY hash_bucket_idx (bucket_id)
) ENGINE=ndbcluster DEFAULT CHARSET=latin1 COLLATE=latin1_general_cs COMMENT='NDB_TABLE=READ_BACKUP=1'
PARTITION BY KEY (inode_id);

CREATE TABLE hdfs_replica_under_constructions (
  inode_id INT NOT NULL,
  block_id BIGINT NOT NULL,
  storage_id INT NOT NULL,
  state INT,
  bucket_id INT NOT NULL,
  PRIMARY KEY (inode_id, block_id, storage_id)
) ENGINE=ndbcluster DEFAULT CHARSET=latin1 COLLATE=latin1_general_cs COMMENT='NDB_TABLE=READ_BACKUP=1'
PARTITION BY KEY (inode_id);

CREATE TABLE hdfs_pending_blocks (
  inode_id INT NOT NULL,
  block_id BIGINT NOT NULL,
  time_stamp BIGINT NOT NULL,
  num_replicas_in_progress INT NOT NULL,
  PRIMARY KEY (inode_id, block_id)
) ENGINE=ndbcluster DEFAULT CHARSET=latin1 COLLATE=latin1_general_cs COMMENT='NDB_TABLE=READ_BACKUP=1'
PARTITION BY KEY (inode_id);

CREATE TABLE hdfs_corrupt_replicas (
  inode_id INT NOT NULL,
  block_id BIGINT NOT NULL,
  storage_id INT NOT NULL,
  timestamp BIGINT NOT NULL,
  PRIMARY KEY (inode_id, block_id, storage_id),
  KEY timestamp (timestamp)
) ENGINE=ndbcluster DEFAULT CHARSET=latin1 COLLATE=latin1_general_cs COMMENT='NDB_TABLE=READ_BACKUP=1'
PARTITION BY KEY (inode_id);

CREATE TABLE hdfs_excess_replicas (
  inode_id INT NOT NULL,
  block_id BIGINT NOT NULL,
  storage_id INT NOT NULL,
  PRIMARY KEY (inode_id, block_id, storage_id),
  KEY storage_idx (storage_id)
) ENGINE=ndbcluster DEFAULT CHARSET=latin1 COLLATE=latin1_general_cs COMMENT='NDB_TABLE=READ_BACKUP=1'
PARTITION BY KEY (inode_id);

CREATE TABLE hdfs_invalidated_blocks (
  inode_id INT NOT NULL,
  block_id BIGINT NOT NULL,
  storage_id INT NOT NULL,
  generation_stamp BIGINT,
  num_bytes BIGINT,
  PRIMARY KEY (inode_id, block_id, storage_id),
  KEY storage_idx (storage_id)
) ENGINE=ndbcluster DEFAULT CHARSET=latin1 COLLATE=latin1_general_cs COMMENT='NDB_TABLE=READ_BACKUP=1'
PARTITION BY KEY (inode_id);

CREATE TABLE hdfs_under_replicated_blocks (
  inode_id INT NOT NULL,
  block_id BIGINT NOT NULL,
  level INT,
  timestamp BIGINT NOT NULL,
  PRIMARY KEY (inode_id, block_id),
  KEY level (level, timestamp)
) ENGINE=ndbcluster DEFAULT CHARSET=latin1 COLLATE=latin1_general_cs COMMENT='NDB_TABLE=READ_BACKUP=1'
PARTITION BY KEY (inode_id);

CREATE TABLE hdfs_misreplicated_range_queue (
  `range` VARCHAR(120) NOT NULL,
  PRIMARY KEY (`range`)
) ENGINE=ndbcluster DEFAULT CHARSET=latin1 COLLATE=latin1_general_cs;

CREATE TABLE hdfs_safe_blocks (
  id BIGINT NOT NULL,
  PRIMARY KEY (id)
) ENGINE=ndbcluster DEFAULT CHARSET=latin1 COLLATE=latin1_general_cs;

CREATE TABLE hdfs_hash_buckets (
  storage_id INT NOT NULL,
  bucket_id INT NOT NULL,
  hash BIGINT NOT NULL,
  PRIMARY KEY (storage_id, bucket_id),
  KEY storage_idx (storage_id)
) ENGINE=ndbcluster DEFAULT CHARSET=latin1 COLLATE=latin1_general_cs
PARTITION BY KEY (storage_id);

CREATE TABLE hdfs_storage_id_map (
  storage_id VARCHAR(128) NOT NULL,
  sid INT NOT NULL,
  PRIMARY KEY (storage_id)
) ENGINE=ndbcluster DEFAULT CHARSET=latin1 COLLATE=latin1_general_cs;

-- Erasure coding
CREATE TABLE hdfs_encoding_status (
  inode_id INT NOT NULL,
  status INT,
  codec VARCHAR(8),
  target_replication SMALLINT,
  parity_status INT,
  status_modification_time BIGINT,
  parity_status_modification_time BIGINT,
  parity_inode_id INT,
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
  CONSTRAINT user_id FOREIGN KEY (user_id) REFERENCES hdfs_users (id) ON DELETE CASCADE,
  CONSTRAINT group_id FOREIGN KEY (group_id) REFERENCES hdfs_groups (id) ON DELETE CASCADE
) ENGINE=ndbcluster DEFAULT CHARSET=latin1 COLLATE=latin1_general_cs
PARTITION BY KEY (user_id);

-- NameNodes: leader election, leases, retried calls, counters
CREATE TABLE hdfs_le_descriptors (
  id BIGINT NOT NULL,
  counter BIGINT NOT NULL,
  rpc_addresses VARCHAR(128) NOT NULL,
  http_address VARCHAR(100),
  partition_val INT NOT NULL DEFAULT 0,
  PRIMARY KEY (id, partition_val),
  KEY part (partition_val)
) ENGINE=ndbcluster DEFAULT CHARSET=latin1 COLLATE=latin1_general_cs
PARTITION BY KEY (partition_val);

CREATE TABLE hdfs_leases (
  holder_id INT NOT NULL DEFAULT 0,
  holder VARCHAR(255) NOT NULL,
  last_update BIGINT,
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

CREATE TABLE hdfs_variables (
  id INT NOT NULL,
  value VARBINARY(500) NOT NULL,
  PRIMARY KEY (id)
) ENGINE=ndbcluster DEFAULT CHARSET=latin1 COLLATE=latin1_general_cs;

-- ResourceManager
CREATE TABLE yarn_le_descriptors (
  id BIGINT NOT NULL,
  counter BIGINT NOT NULL,
  rpc_addresses VARCHAR(128) NOT NULL,
  http_address VARCHAR(100),
  partition_val INT NOT NULL DEFAULT 0,
  PRIMARY KEY (id, partition_val),
  KEY part (partition_val)
) ENGINE=ndbcluster DEFAULT CHARSET=latin1 COLLATE=latin1_general_cs
PARTITION BY KEY (partition_val);

CREATE TABLE yarn_applicationstate (
  applicationid VARCHAR(45) NOT NULL,
  appstate VARBINARY(13500),
  appuser VARCHAR(45),
  appname VARCHAR(200),
  appsmstate VARCHAR(45),
  PRIMARY KEY (applicationid)
) ENGINE=ndbcluster DEFAULT CHARSET=latin1 COLLATE=latin1_general_cs
PARTITION BY KEY (applicationid);

CREATE TABLE yarn_applicationattemptstate (
  applicationid VARCHAR(45) NOT NULL,
  applicationattemptid VARCHAR(45) NOT NULL,
  applicationattemptstate VARBINARY(13000),
  applicationattempttrakingurl VARCHAR(120),
  PRIMARY KEY (applicationid, applicationattemptid),
  KEY applicationid (applicationid),
  CONSTRAINT applicationid FOREIGN KEY (applicationid) REFERENCES yarn_applicationstate (applicationid) ON DELETE CASCADE
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

CREATE TABLE yarn_rmnode (
  rmnodeid VARCHAR(255) NOT NULL,
  hostname VARCHAR(255),
  commandport INT,
  httpport INT,
  healthreport VARCHAR(500),
  lasthealthreporttime BIGINT,
  currentstate VARCHAR(45),
  nodemanager_version VARCHAR(45),
  pendingeventid INT,
  PRIMARY KEY (rmnodeid)
) ENGINE=ndbcluster DEFAULT CHARSET=latin1 COLLATE=latin1_general_cs
PARTITION BY KEY (rmnodeid);

CREATE TABLE yarn_rmnode_applications (
  rmnodeid VARCHAR(255) NOT NULL,
  applicationid VARCHAR(45) NOT NULL,
  status VARCHAR(255) NOT NULL,
  PRIMARY KEY (rmnodeid, applicationid, status),
  KEY index2 (rmnodeid)
) ENGINE=ndbcluster DEFAULT CHARSET=latin1 COLLATE=latin1_general_cs
PARTITION BY KEY (applicationid);

CREATE TABLE yarn_resource (
  id VARCHAR(255) NOT NULL,
  memory INT,
  virtualcores INT,
  gpus INT,
  pendingeventid INT,
  PRIMARY KEY (id),
  KEY id (id)
) ENGINE=ndbcluster DEFAULT CHARSET=latin1 COLLATE=latin1_general_cs
PARTITION BY KEY (id);

CREATE TABLE yarn_rms_load (
  rmhostname VARCHAR(100) NOT NULL,
  `load` BIGINT,
  PRIMARY KEY (rmhostname)
) ENGINE=ndbcluster DEFAULT CHARSET=latin1 COLLATE=latin1_general_cs;

CREATE TABLE yarn_nextheartbeat (
  rmnodeid VARCHAR(255) NOT NULL,
  nextheartbeat INT,
  PRIMARY KEY (rmnodeid)
) ENGINE=ndbcluster DEFAULT CHARSET=latin1 COLLATE=latin1_general_cs
PARTITION BY KEY (rmnodeid);

CREATE TABLE yarn_pendingevents (
  id INT NOT NULL,
  rmnodeid VARCHAR(255) NOT NULL,
  type VARCHAR(255),
  status VARCHAR(255),
  contains INT,
  PRIMARY KEY (id, rmnodeid)
) ENGINE=ndbcluster DEFAULT CHARSET=latin1 COLLATE=latin1_general_cs;

-- Containers
CREATE TABLE yarn_containerstatus (
  containerid VARCHAR(45) NOT NULL,
  rmnodeid VARCHAR(255) NOT NULL,
  state VARCHAR(45),
  diagnostics VARCHAR(2000),
  exitstatus INT,
  uciid INT NOT NULL,
  pendingeventid INT,
  PRIMARY KEY (containerid, rmnodeid, uciid),
  KEY rmnodeid_idx (rmnodeid)
) ENGINE=ndbcluster DEFAULT CHARSET=latin1 COLLATE=latin1_general_cs
PARTITION BY KEY (rmnodeid);

CREATE TABLE yarn_updatedcontainerinfo (
  rmnodeid VARCHAR(255) NOT NULL,
  containerid VARCHAR(45) NOT NULL,
  updatedcontainerinfoid INT NOT NULL,
  pendingeventid INT,
  PRIMARY KEY (rmnodeid, containerid, updatedcontainerinfoid),
  KEY containerid (containerid)
) ENGINE=ndbcluster DEFAULT CHARSET=latin1 COLLATE=latin1_general_cs
PARTITION BY KEY (rmnodeid);

CREATE TABLE yarn_containerid_toclean (
  rmnodeid VARCHAR(255) NOT NULL,
  containerid VARCHAR(45) NOT NULL,
  PRIMARY KEY (rmnodeid, containerid),
  KEY rmnodeId (containerid)
) ENGINE=ndbcluster DEFAULT CHARSET=latin1 COLLATE=latin1_general_cs
PARTITION BY KEY (rmnodeid);

CREATE TABLE yarn_container_to_signal (
  rmnodeid VARCHAR(255) NOT NULL,
  containerid VARCHAR(45) NOT NULL,
  command VARCHAR(255) NOT NULL,
  PRIMARY KEY (rmnodeid, containerid),
  KEY rmnodeId (containerid)
) ENGINE=ndbcluster DEFAULT CHARSET=latin1 COLLATE=latin1_general_cs
PARTITION BY KEY (rmnodeid);

CREATE TABLE yarn_container_to_decrease (
  rmnodeid VARCHAR(255) NOT NULL,
  containerid VARCHAR(45) NOT NULL,
  http_address VARCHAR(255) NOT NULL,
  priority INT NOT NULL,
  memory_size BIGINT NOT NULL,
  virtual_cores INT NOT NULL,
  gpus INT NOT NULL,
  version INT NOT NULL,
  PRIMARY KEY (rmnodeid, containerid),
  KEY rmnodeId (containerid)
) ENGINE=ndbcluster DEFAULT CHARSET=latin1 COLLATE=latin1_general_cs
PARTITION BY KEY (rmnodeid);

CREATE TABLE yarn_containers_logs (
  container_id VARCHAR(255) NOT NULL,
  start BIGINT NOT NULL,
  stop BIGINT,
  exit_status INT,
  price FLOAT,
  vcores INT,
  gpus INT,
  mb INT,
  PRIMARY KEY (container_id)
) ENGINE=ndbcluster DEFAULT CHARSET=latin1 COLLATE=latin1_general_cs;

CREATE TABLE yarn_containers_checkpoint (
  container_id VARCHAR(255) NOT NULL,
  checkpoint BIGINT NOT NULL,
  multiplicator FLOAT NOT NULL,
  PRIMARY KEY (container_id)
) ENGINE=ndbcluster DEFAULT CHARSET=latin1 COLLATE=latin1_general_cs
PARTITION BY KEY (container_id);

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
  PRIMARY KEY (projectname, day, user)
) ENGINE=ndbcluster DEFAULT CHARSET=latin1 COLLATE=latin1_general_cs
PARTITION BY KEY (user);

CREATE TABLE yarn_price_multiplicator (
  id VARCHAR(255) NOT NULL,
  multiplicator FLOAT NOT NULL,
  PRIMARY KEY (id)
) ENGINE=ndbcluster DEFAULT CHARSET=latin1 COLLATE=latin1_general_cs;
