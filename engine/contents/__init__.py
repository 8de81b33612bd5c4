"""Contents kept once by digest: files of definitions, form schemas, submitted data, decision snapshots."""
