-- λFS: the NameNodes and DataNodes that its functions know of

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
