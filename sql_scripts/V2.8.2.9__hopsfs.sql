-- Encryption zones, provenance, extended attributes of the system

ALTER TABLE hdfs_inodes
  CHANGE COLUMN num_xattrs num_user_xattrs TINYINT NOT NULL DEFAULT 0,
  ADD COLUMN num_sys_xattrs TINYINT NOT NULL DEFAULT 0;

ALTER TABLE hdfs_xattrs MODIFY COLUMN value VARBINARY(13500) DEFAULT '';

CREATE TABLE hdfs_encryption_zone (
  inode_id BIGINT NOT NULL,
  zone_info VARBINARY(13500),
  PRIMARY KEY (inode_id)
) ENGINE=ndbcluster DEFAULT CHARSET=latin1 COLLATE=latin1_general_cs COMMENT='NDB_TABLE=READ_BACKUP=1';

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
  PRIMARY KEY (inode_id, inode_operation, io_logical_time, io_timestamp, io_app_id, io_user_id, tb),
  KEY io_logical_time (io_logical_time)
) ENGINE=ndbcluster DEFAULT CHARSET=latin1 COLLATE=latin1_general_cs;

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

CREATE TABLE hdfs_file_provenance_xattrs_buffer (
  inode_id BIGINT NOT NULL,
  namespace TINYINT NOT NULL,
  name VARCHAR(255) NOT NULL,
  inode_logical_time INT NOT NULL,
  value VARBINARY(13500) DEFAULT '',
  PRIMARY KEY (inode_id, namespace, name, inode_logical_time),
  KEY xattr_versions (inode_id, namespace, name)
) ENGINE=ndbcluster DEFAULT CHARSET=latin1 COLLATE=latin1_general_cs;
