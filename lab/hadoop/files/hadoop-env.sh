# Variables for bin/hdfs and bin/hadoop; JAVA_HOME comes from the environment.
