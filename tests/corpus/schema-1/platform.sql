BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0004_api');
CREATE TABLE attachment (
	id CHAR(32) NOT NULL, 
	version_id CHAR(32) NOT NULL, 
	kind VARCHAR(40) NOT NULL, 
	stored_file_id CHAR(32) NOT NULL, 
	attached_by CHAR(32), 
	attached_at DATETIME NOT NULL, 
	CONSTRAINT pk_attachment PRIMARY KEY (id), 
	CONSTRAINT fk_attachment_stored_file_id_stored_file FOREIGN KEY(stored_file_id) REFERENCES stored_file (id) ON DELETE RESTRICT, 
	CONSTRAINT fk_attachment_version_id_component_version FOREIGN KEY(version_id) REFERENCES component_version (id) ON DELETE RESTRICT, 
	CONSTRAINT uq_attachment_version_id_kind UNIQUE (version_id, kind)
);
CREATE TABLE audit_event (
	id CHAR(32) NOT NULL, 
	stream VARCHAR(80) NOT NULL, 
	sequence INTEGER NOT NULL, 
	schema_version INTEGER NOT NULL, 
	hash_algorithm VARCHAR(16) NOT NULL, 
	occurred_at DATETIME NOT NULL, 
	action VARCHAR(80) NOT NULL, 
	outcome VARCHAR(16) NOT NULL, 
	actor_id CHAR(32), 
	instance_id CHAR(32), 
	element_id VARCHAR(120), 
	subject_type VARCHAR(40), 
	subject_id CHAR(32), 
	region_code VARCHAR(6), 
	unit_id CHAR(32), 
	content TEXT NOT NULL, 
	previous_hash VARCHAR(64) NOT NULL, 
	hash VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_audit_event PRIMARY KEY (id), 
	CONSTRAINT uq_audit_event_stream_sequence UNIQUE (stream, sequence)
);
INSERT INTO "audit_event" VALUES('01a205315bb97232b4f227909e1425f3','system:definitions',1,1,'sha-256','2026-11-23 01:00:00.000000','definition.deployed','done','0199a000000070008000000000000002',NULL,NULL,'definition','01a205315bb072f29bdea496edb0f8e5',NULL,NULL,'{"actingFor":null,"action":"definition.deployed","actorId":"0199a000-0000-7000-8000-000000000002","after":{"author":null,"digest":"2a6f65d611d6b6835e13ba037018ea9b423f6097d9c1d14f499d70d5ad701246","version":1},"asked":null,"before":null,"channel":"web","clause":null,"definitionVersion":"review-process@1","elementId":null,"id":"01a20531-5bb9-7232-b4f2-27909e1425f3","instanceId":null,"occurredAt":"2026-11-23T01:00:00.000000+00:00","outcome":"done","personal":{"actorName":"1e8c5791dfb5b4293a127503444e5edd9dc8bb39676a410139c91014b67802c9"},"reason":null,"regionCode":null,"role":null,"schema":1,"sequence":1,"stream":"system:definitions","subjectId":"01a20531-5bb0-72f2-9bde-a496edb0f8e5","subjectType":"definition","unitId":null}','0000000000000000000000000000000000000000000000000000000000000000','b7c813221366f3f7b6f6c9041daa74da5807388123556128ca7238f96513ef80');
INSERT INTO "audit_event" VALUES('01a205315bed70d6be193fd14914b944','system:definitions',2,1,'sha-256','2026-11-23 01:00:00.000000','definition.deployed','done','0199a000000070008000000000000002',NULL,NULL,'definition','01a205315beb7118b64279c49c5f18d8',NULL,NULL,'{"actingFor":null,"action":"definition.deployed","actorId":"0199a000-0000-7000-8000-000000000002","after":{"author":null,"digest":"3f4be93d2378ed21a99364709736b6ae15603495db285332b878999b8b2a81ec","version":1},"asked":null,"before":null,"channel":"web","clause":null,"definitionVersion":"single@1","elementId":null,"id":"01a20531-5bed-70d6-be19-3fd14914b944","instanceId":null,"occurredAt":"2026-11-23T01:00:00.000000+00:00","outcome":"done","personal":{"actorName":"771eebbde432a03496803582b914b155b993899525d89c0964328a579da8ca1c"},"reason":null,"regionCode":null,"role":null,"schema":1,"sequence":2,"stream":"system:definitions","subjectId":"01a20531-5beb-7118-b642-79c49c5f18d8","subjectType":"definition","unitId":null}','b7c813221366f3f7b6f6c9041daa74da5807388123556128ca7238f96513ef80','483861802bdb04a77cb7891f440fbd5dc07b58bd557f6680b738df0cb8e24d97');
INSERT INTO "audit_event" VALUES('01a205315c5970cdb10a086a61e4c9c4','system:definitions',3,1,'sha-256','2026-11-23 01:00:00.000000','definition.deployed','done','0199a000000070008000000000000002',NULL,NULL,'definition','01a205315c5773d88940eeeefbc414e2',NULL,NULL,'{"actingFor":null,"action":"definition.deployed","actorId":"0199a000-0000-7000-8000-000000000002","after":{"author":null,"digest":"7ed7edaee46bbe0b281a4acfe19a62a1233b1b5c18b33e7b907c2aaef1265d20","version":1},"asked":null,"before":null,"channel":"web","clause":null,"definitionVersion":"parallel@1","elementId":null,"id":"01a20531-5c59-70cd-b10a-086a61e4c9c4","instanceId":null,"occurredAt":"2026-11-23T01:00:00.000000+00:00","outcome":"done","personal":{"actorName":"8c73e366d01326afa69dc1707b8b16d0258de09b0ccdcfe532eacc280eaa701e"},"reason":null,"regionCode":null,"role":null,"schema":1,"sequence":3,"stream":"system:definitions","subjectId":"01a20531-5c57-73d8-8940-eeeefbc414e2","subjectType":"definition","unitId":null}','483861802bdb04a77cb7891f440fbd5dc07b58bd557f6680b738df0cb8e24d97','9c90fb9f2be79d2098b608273d6bdfd42075b5c4b8a0d6ee591f652367e9c171');
INSERT INTO "audit_event" VALUES('01a205315ca27272b8f0c73f4d5929bf','system:definitions',4,1,'sha-256','2026-11-23 01:00:00.000000','definition.deployed','done','0199a000000070008000000000000002',NULL,NULL,'definition','01a205315ca0721ebdbad684e58b80b4',NULL,NULL,'{"actingFor":null,"action":"definition.deployed","actorId":"0199a000-0000-7000-8000-000000000002","after":{"author":null,"digest":"25f0cbba07c47fa624f825cc49775064b0142d0a172649a57a50c944db0b95a1","version":1},"asked":null,"before":null,"channel":"web","clause":null,"definitionVersion":"service@1","elementId":null,"id":"01a20531-5ca2-7272-b8f0-c73f4d5929bf","instanceId":null,"occurredAt":"2026-11-23T01:00:00.000000+00:00","outcome":"done","personal":{"actorName":"9f0a31458fe4b51ca441c25628a994fd4aa2113a5cc1a037909563e8efa4ed2d"},"reason":null,"regionCode":null,"role":null,"schema":1,"sequence":4,"stream":"system:definitions","subjectId":"01a20531-5ca0-721e-bdba-d684e58b80b4","subjectType":"definition","unitId":null}','9c90fb9f2be79d2098b608273d6bdfd42075b5c4b8a0d6ee591f652367e9c171','90e361660f2a1b3890f9e73880cdb65e8d7ec103b17df7989f1247ca6ba928ce');
INSERT INTO "audit_event" VALUES('01a205315cee709a937cbc23df738417','system:definitions',5,1,'sha-256','2026-11-23 01:00:00.000000','definition.deployed','done','0199a000000070008000000000000002',NULL,NULL,'definition','01a205315cec71828b30615d195fb08a',NULL,NULL,'{"actingFor":null,"action":"definition.deployed","actorId":"0199a000-0000-7000-8000-000000000002","after":{"author":null,"digest":"842405412ac5d713e690f5ce4e90230bd3a92bd3354333529cd6e120e760362e","version":1},"asked":null,"before":null,"channel":"web","clause":null,"definitionVersion":"timeout@1","elementId":null,"id":"01a20531-5cee-709a-937c-bc23df738417","instanceId":null,"occurredAt":"2026-11-23T01:00:00.000000+00:00","outcome":"done","personal":{"actorName":"93fb737d8141fa06ac787a0694860e5f17cdbf09e7e2c1f9dae9ff8086a80624"},"reason":null,"regionCode":null,"role":null,"schema":1,"sequence":5,"stream":"system:definitions","subjectId":"01a20531-5cec-7182-8b30-615d195fb08a","subjectType":"definition","unitId":null}','90e361660f2a1b3890f9e73880cdb65e8d7ec103b17df7989f1247ca6ba928ce','70e8c00d9f7772bf5cb6a30753870c89ceb6617510a8de620b61af785fb606be');
INSERT INTO "audit_event" VALUES('01a205315d2170009cb805a2d4b48c3a','system:definitions',6,1,'sha-256','2026-11-23 01:00:00.000000','definition.deployed','done','0199a000000070008000000000000002',NULL,NULL,'definition','01a205315d1f717f8edd69ecffd05279',NULL,NULL,'{"actingFor":null,"action":"definition.deployed","actorId":"0199a000-0000-7000-8000-000000000002","after":{"author":null,"digest":"45a6c9017f81c9b6d65d62501109b98b81e8de540b33e0885acca9df470044f6","version":1},"asked":null,"before":null,"channel":"web","clause":null,"definitionVersion":"caller@1","elementId":null,"id":"01a20531-5d21-7000-9cb8-05a2d4b48c3a","instanceId":null,"occurredAt":"2026-11-23T01:00:00.000000+00:00","outcome":"done","personal":{"actorName":"37357b63064a409260eb4f4a6e31ffadeebb4f5c204385b9fb59d2c87accd781"},"reason":null,"regionCode":null,"role":null,"schema":1,"sequence":6,"stream":"system:definitions","subjectId":"01a20531-5d1f-717f-8edd-69ecffd05279","subjectType":"definition","unitId":null}','70e8c00d9f7772bf5cb6a30753870c89ceb6617510a8de620b61af785fb606be','5e7ed56d4de424a2071354ef027434ca2b3db812f30b19acc0f38973626b7fdd');
INSERT INTO "audit_event" VALUES('01a205315d5570578392955cff71e1ed','system:definitions',7,1,'sha-256','2026-11-23 01:00:00.000000','definition.deployed','done','0199a000000070008000000000000002',NULL,NULL,'definition','01a205315d52700982e623a30af26400',NULL,NULL,'{"actingFor":null,"action":"definition.deployed","actorId":"0199a000-0000-7000-8000-000000000002","after":{"author":null,"digest":"9238ca8f9ca4d9d1de812762de752ba4d05488758ec9636ca8e2e1887f33a6fa","version":1},"asked":null,"before":null,"channel":"web","clause":null,"definitionVersion":"onboarding@1","elementId":null,"id":"01a20531-5d55-7057-8392-955cff71e1ed","instanceId":null,"occurredAt":"2026-11-23T01:00:00.000000+00:00","outcome":"done","personal":{"actorName":"3e5b031bc6e5f76c89c7eb938bb150c96d68e53c54545f0818d4113f078cfe82"},"reason":null,"regionCode":null,"role":null,"schema":1,"sequence":7,"stream":"system:definitions","subjectId":"01a20531-5d52-7009-82e6-23a30af26400","subjectType":"definition","unitId":null}','5e7ed56d4de424a2071354ef027434ca2b3db812f30b19acc0f38973626b7fdd','9007d12515693dfd388239796a52a6730279c8c1b71d9e638c54ba793e4147bf');
INSERT INTO "audit_event" VALUES('01a205315d8e7064a2e4abbd6de6e55e','system:definitions',8,1,'sha-256','2026-11-23 01:00:00.000000','definition.deployed','done','0199a000000070008000000000000002',NULL,NULL,'definition','01a205315d8c71a894eae9f1c44e550b',NULL,NULL,'{"actingFor":null,"action":"definition.deployed","actorId":"0199a000-0000-7000-8000-000000000002","after":{"author":null,"digest":"2876372aa5b290fbc42dcf7df477e10ef170cb65fe8ba00153af138d223f7158","version":1},"asked":null,"before":null,"channel":"web","clause":null,"definitionVersion":"creation@1","elementId":null,"id":"01a20531-5d8e-7064-a2e4-abbd6de6e55e","instanceId":null,"occurredAt":"2026-11-23T01:00:00.000000+00:00","outcome":"done","personal":{"actorName":"a9ac312b9ce3b2b7a5866a44e132a4b7e2bd97e47aee9253ac807375683fd820"},"reason":null,"regionCode":null,"role":null,"schema":1,"sequence":8,"stream":"system:definitions","subjectId":"01a20531-5d8c-71a8-94ea-e9f1c44e550b","subjectType":"definition","unitId":null}','9007d12515693dfd388239796a52a6730279c8c1b71d9e638c54ba793e4147bf','c20d0d9f7d147689162a8b276b88a1a0c0b08e5c0648d17000238907db80facc');
INSERT INTO "audit_event" VALUES('01a205315d99718cb7a5567c0eb69c0d','instance:01a20531-5d94-7202-a5d0-ba1629acae62',1,1,'sha-256','2026-11-23 01:00:00.000000','instance.started','done','0199a000000070008000000000000004','01a205315d947202a5d0ba1629acae62','begin',NULL,NULL,'990200',NULL,'{"actingFor":null,"action":"instance.started","actorId":"0199a000-0000-7000-8000-000000000004","after":{"caseNumber":"ZJ-990200-2026-000001","status":"active","title":"待填报","variables":{"initiatorId":"0199a000-0000-7000-8000-000000000004"}},"asked":{"businessKey":"R1","by":"hand"},"before":{"variables":{"initiatorId":null}},"channel":"web","clause":"9.1a","definitionVersion":"review-process@1","elementId":"begin","id":"01a20531-5d99-718c-b7a5-567c0eb69c0d","instanceId":"01a20531-5d94-7202-a5d0-ba1629acae62","occurredAt":"2026-11-23T01:00:00.000000+00:00","outcome":"done","personal":{"actorName":"4e23bfbcf6f14f0633eddb048ffba4aa58e09b7e829e99488799bab96823623b"},"reason":null,"regionCode":"990200","role":null,"schema":1,"sequence":1,"stream":"instance:01a20531-5d94-7202-a5d0-ba1629acae62","subjectId":null,"subjectType":null,"unitId":null}','0000000000000000000000000000000000000000000000000000000000000000','ab35e3e170501a69cce556dc091a9ff595e8c9e49bdd21bdd1ee39914894ba54');
INSERT INTO "audit_event" VALUES('01a205315d9d7157b10b9504e1c665b0','instance:01a20531-5d9c-7123-8f8a-5b6887e478fd',1,1,'sha-256','2026-11-23 01:00:00.000000','instance.started','done','0199a000000070008000000000000004','01a205315d9c71238f8a5b6887e478fd','begin',NULL,NULL,'990200',NULL,'{"actingFor":null,"action":"instance.started","actorId":"0199a000-0000-7000-8000-000000000004","after":{"caseNumber":"ZJ-990200-2026-000002","status":"active","title":"待审查","variables":{"initiatorId":"0199a000-0000-7000-8000-000000000004"}},"asked":{"businessKey":"R2","by":"hand"},"before":{"variables":{"initiatorId":null}},"channel":"web","clause":"9.1a","definitionVersion":"review-process@1","elementId":"begin","id":"01a20531-5d9d-7157-b10b-9504e1c665b0","instanceId":"01a20531-5d9c-7123-8f8a-5b6887e478fd","occurredAt":"2026-11-23T01:00:00.000000+00:00","outcome":"done","personal":{"actorName":"b3065f8a13d8d701bd653178d3d95d7ecf073b7408e56f522f4fa139e4904e56"},"reason":null,"regionCode":"990200","role":null,"schema":1,"sequence":1,"stream":"instance:01a20531-5d9c-7123-8f8a-5b6887e478fd","subjectId":null,"subjectType":null,"unitId":null}','0000000000000000000000000000000000000000000000000000000000000000','35a398eac7c9a214b79d07cd8a654faa4b05b75690b90d2d38cebd2503692145');
INSERT INTO "audit_event" VALUES('01a205315da972bc9afd2e730ed77b97','instance:01a20531-5d9c-7123-8f8a-5b6887e478fd',2,1,'sha-256','2026-11-23 01:00:00.000000','user_task.completed','done','0199a000000070008000000000000004','01a205315d9c71238f8a5b6887e478fd','fill_in',NULL,NULL,'990200',NULL,'{"actingFor":null,"action":"user_task.completed","actorId":"0199a000-0000-7000-8000-000000000004","after":{"outcome":null,"status":"completed"},"asked":{"attachments":{},"outcome":null,"snapshot":"a714dde47458dfc16ce5fd7da4af6f176b9b0c5dd3f4300fc3ac65230d78658a"},"before":null,"channel":"web","clause":"9.1a","definitionVersion":"review-process@1","elementId":"fill_in","id":"01a20531-5da9-72bc-9afd-2e730ed77b97","instanceId":"01a20531-5d9c-7123-8f8a-5b6887e478fd","occurredAt":"2026-11-23T01:00:00.000000+00:00","outcome":"done","personal":{"actorName":"2111d28376718f746c9aa99a806b7ecdbc07ef4bf4711dd61b67246a2730739a"},"reason":null,"regionCode":"990200","role":"releasing_unit","schema":1,"sequence":2,"stream":"instance:01a20531-5d9c-7123-8f8a-5b6887e478fd","subjectId":null,"subjectType":null,"unitId":null}','35a398eac7c9a214b79d07cd8a654faa4b05b75690b90d2d38cebd2503692145','ff296b1d87a03304ee1fab207cf94662ffa58c6f7f577ed5c6673b2ef59528eb');
INSERT INTO "audit_event" VALUES('01a205315db3715897c574fb0629e40d','instance:01a20531-5d9c-7123-8f8a-5b6887e478fd',3,1,'sha-256','2026-11-23 01:00:00.000000','job.completed','done',NULL,'01a205315d9c71238f8a5b6887e478fd','check',NULL,NULL,'990200',NULL,'{"actingFor":null,"action":"job.completed","actorId":null,"after":{"result":{"passed":true},"variables":{"passed":true}},"asked":{"attempt":1,"job":"01a20531-5da7-71fe-8dc7-14b9060bb797","parameters":{"stage":"creation"},"topic":"checks.run"},"before":{"variables":{"passed":null}},"channel":"system","clause":"9.1a","definitionVersion":"review-process@1","elementId":"check","id":"01a20531-5db3-7158-97c5-74fb0629e40d","instanceId":"01a20531-5d9c-7123-8f8a-5b6887e478fd","occurredAt":"2026-11-23T01:00:00.000000+00:00","outcome":"done","personal":{"actorName":"845e3671bfea54736ddd155633824f5b86561a6d8087d02b88f44a58030e7336"},"reason":null,"regionCode":"990200","role":null,"schema":1,"sequence":3,"stream":"instance:01a20531-5d9c-7123-8f8a-5b6887e478fd","subjectId":null,"subjectType":null,"unitId":null}','ff296b1d87a03304ee1fab207cf94662ffa58c6f7f577ed5c6673b2ef59528eb','3f1762655e8c7d97aac540f399de65e697c7a459ac3f26ddb90a38250428a7b5');
INSERT INTO "audit_event" VALUES('01a205315db87248b108649e0e19d1fe','instance:01a20531-5d9c-7123-8f8a-5b6887e478fd',4,1,'sha-256','2026-11-23 01:00:00.000000','user_task.claimed','done','0199a000000070008000000000000005','01a205315d9c71238f8a5b6887e478fd','review',NULL,NULL,'990200',NULL,'{"actingFor":null,"action":"user_task.claimed","actorId":"0199a000-0000-7000-8000-000000000005","after":{"assignee":"0199a000-0000-7000-8000-000000000005"},"asked":null,"before":{"assignee":null},"channel":"web","clause":"9.1a","definitionVersion":null,"elementId":"review","id":"01a20531-5db8-7248-b108-649e0e19d1fe","instanceId":"01a20531-5d9c-7123-8f8a-5b6887e478fd","occurredAt":"2026-11-23T01:00:00.000000+00:00","outcome":"done","personal":{"actorName":"9218056d037d9f334dec89c7f55680fc04df49b9afde2ac6cbc78c2a0dff2617"},"reason":null,"regionCode":"990200","role":"reviewer","schema":1,"sequence":4,"stream":"instance:01a20531-5d9c-7123-8f8a-5b6887e478fd","subjectId":null,"subjectType":null,"unitId":null}','3f1762655e8c7d97aac540f399de65e697c7a459ac3f26ddb90a38250428a7b5','d85a27eefae580b5818435ac9e7b32d0ec9b8feaad2c3a1ecf748bb5e20ec7c3');
INSERT INTO "audit_event" VALUES('01a205315dc5716a877a4f12ff1ab7a2','instance:01a20531-5dc3-709c-a479-508bb612c9e9',1,1,'sha-256','2026-11-23 01:00:00.000000','instance.started','done','0199a000000070008000000000000004','01a205315dc3709ca479508bb612c9e9','begin',NULL,NULL,'990200',NULL,'{"actingFor":null,"action":"instance.started","actorId":"0199a000-0000-7000-8000-000000000004","after":{"caseNumber":"ZJ-990200-2026-000003","status":"active","title":"有期限","variables":{"initiatorId":"0199a000-0000-7000-8000-000000000004"}},"asked":{"businessKey":"S1","by":"hand"},"before":{"variables":{"initiatorId":null}},"channel":"web","clause":"9.1a","definitionVersion":"single@1","elementId":"begin","id":"01a20531-5dc5-716a-877a-4f12ff1ab7a2","instanceId":"01a20531-5dc3-709c-a479-508bb612c9e9","occurredAt":"2026-11-23T01:00:00.000000+00:00","outcome":"done","personal":{"actorName":"16d208f7b7c69ef715b44177e8b5db95ef00c2fb21b93555abf36b16ee1b26a6"},"reason":null,"regionCode":"990200","role":null,"schema":1,"sequence":1,"stream":"instance:01a20531-5dc3-709c-a479-508bb612c9e9","subjectId":null,"subjectType":null,"unitId":null}','0000000000000000000000000000000000000000000000000000000000000000','eee62b609d144cdd2c601e8a2b913b534a7d12df6196f146c92da5568b0f61e4');
INSERT INTO "audit_event" VALUES('01a205315dcb71d0829e609603db2a66','instance:01a20531-5dc9-71c1-95ee-c75fe2d96321',1,1,'sha-256','2026-11-23 01:00:00.000000','instance.started','done','0199a000000070008000000000000004','01a205315dc971c195eec75fe2d96321','begin',NULL,NULL,'990200',NULL,'{"actingFor":null,"action":"instance.started","actorId":"0199a000-0000-7000-8000-000000000004","after":{"caseNumber":"ZJ-990200-2026-000004","status":"active","title":"并行","variables":{"initiatorId":"0199a000-0000-7000-8000-000000000004"}},"asked":{"businessKey":"P1","by":"hand"},"before":{"variables":{"initiatorId":null}},"channel":"web","clause":"9.1a","definitionVersion":"parallel@1","elementId":"begin","id":"01a20531-5dcb-71d0-829e-609603db2a66","instanceId":"01a20531-5dc9-71c1-95ee-c75fe2d96321","occurredAt":"2026-11-23T01:00:00.000000+00:00","outcome":"done","personal":{"actorName":"91ac4c74e5f6f4aea2971ba953b52d1638ba21f1291a110a3c49d21ea31ceedd"},"reason":null,"regionCode":"990200","role":null,"schema":1,"sequence":1,"stream":"instance:01a20531-5dc9-71c1-95ee-c75fe2d96321","subjectId":null,"subjectType":null,"unitId":null}','0000000000000000000000000000000000000000000000000000000000000000','437d805e4e08d4e8ea6cf186810c10d9be7052ce007a09c80f3300fa4aff5f6b');
INSERT INTO "audit_event" VALUES('01a205315dcf71c3b090d9763be0d070','instance:01a20531-5dc9-71c1-95ee-c75fe2d96321',2,1,'sha-256','2026-11-23 01:00:00.000000','user_task.completed','done','0199a000000070008000000000000005','01a205315dc971c195eec75fe2d96321','first',NULL,NULL,'990200',NULL,'{"actingFor":null,"action":"user_task.completed","actorId":"0199a000-0000-7000-8000-000000000005","after":{"outcome":null,"status":"completed"},"asked":{"attachments":{},"outcome":null,"snapshot":"a714dde47458dfc16ce5fd7da4af6f176b9b0c5dd3f4300fc3ac65230d78658a"},"before":null,"channel":"web","clause":"9.1a","definitionVersion":"parallel@1","elementId":"first","id":"01a20531-5dcf-71c3-b090-d9763be0d070","instanceId":"01a20531-5dc9-71c1-95ee-c75fe2d96321","occurredAt":"2026-11-23T01:00:00.000000+00:00","outcome":"done","personal":{"actorName":"ead0b4a6aa007288aa8a5b909ea289b38aff9955bb28afa76fdda34c5739ff0f"},"reason":null,"regionCode":"990200","role":"reviewer","schema":1,"sequence":2,"stream":"instance:01a20531-5dc9-71c1-95ee-c75fe2d96321","subjectId":null,"subjectType":null,"unitId":null}','437d805e4e08d4e8ea6cf186810c10d9be7052ce007a09c80f3300fa4aff5f6b','f794cabd0d4c8d6d8339df3f83be2637a9a3d217cbbbf4f89f17624c407997d4');
INSERT INTO "audit_event" VALUES('01a205315dd47114a85363aa6dc19b2d','instance:01a20531-5dd2-70da-a313-24b0e0f581a9',1,1,'sha-256','2026-11-23 01:00:00.000000','instance.started','done','0199a000000070008000000000000004','01a205315dd270daa31324b0e0f581a9','begin',NULL,NULL,'990200',NULL,'{"actingFor":null,"action":"instance.started","actorId":"0199a000-0000-7000-8000-000000000004","after":{"caseNumber":"ZJ-990200-2026-000005","status":"active","title":"待自动检查","variables":{"initiatorId":"0199a000-0000-7000-8000-000000000004"}},"asked":{"businessKey":"J1","by":"hand"},"before":{"variables":{"initiatorId":null}},"channel":"web","clause":"9.1a","definitionVersion":"service@1","elementId":"begin","id":"01a20531-5dd4-7114-a853-63aa6dc19b2d","instanceId":"01a20531-5dd2-70da-a313-24b0e0f581a9","occurredAt":"2026-11-23T01:00:00.000000+00:00","outcome":"done","personal":{"actorName":"ae4855b486067d07e79e50c8f6ee7f4148d9f6e7bb9b5b416b9ca7d1b533e097"},"reason":null,"regionCode":"990200","role":null,"schema":1,"sequence":1,"stream":"instance:01a20531-5dd2-70da-a313-24b0e0f581a9","subjectId":null,"subjectType":null,"unitId":null}','0000000000000000000000000000000000000000000000000000000000000000','2ddf5b23ad18130ab62229ce1ca18fb31acdb79daf97aa6156621125578a6ffc');
INSERT INTO "audit_event" VALUES('01a205315dd970c4bfc6138544c27559','instance:01a20531-5dd7-7148-b2cf-e3ddd16955ea',1,1,'sha-256','2026-11-23 01:00:00.000000','instance.started','done','0199a000000070008000000000000004','01a205315dd77148b2cfe3ddd16955ea','begin',NULL,NULL,'990200',NULL,'{"actingFor":null,"action":"instance.started","actorId":"0199a000-0000-7000-8000-000000000004","after":{"caseNumber":"ZJ-990200-2026-000006","status":"active","title":"三天内答复","variables":{"initiatorId":"0199a000-0000-7000-8000-000000000004"}},"asked":{"businessKey":"T1","by":"hand"},"before":{"variables":{"initiatorId":null}},"channel":"web","clause":"9.1a","definitionVersion":"timeout@1","elementId":"begin","id":"01a20531-5dd9-70c4-bfc6-138544c27559","instanceId":"01a20531-5dd7-7148-b2cf-e3ddd16955ea","occurredAt":"2026-11-23T01:00:00.000000+00:00","outcome":"done","personal":{"actorName":"5c38a18531fbf6d0b0e246ef8c0fe8b196caf29537581a855d3b48fa138dbe53"},"reason":null,"regionCode":"990200","role":null,"schema":1,"sequence":1,"stream":"instance:01a20531-5dd7-7148-b2cf-e3ddd16955ea","subjectId":null,"subjectType":null,"unitId":null}','0000000000000000000000000000000000000000000000000000000000000000','ba9d44976dcc042a6365b99a4b36f556d48a52e6c3ebc80aef911fdd425c4e91');
INSERT INTO "audit_event" VALUES('01a205315de07191bdc95cd23a2771fc','instance:01a20531-5dde-7272-b407-0d055d45ac02',1,1,'sha-256','2026-11-23 01:00:00.000000','instance.started','done','0199a000000070008000000000000004','01a205315dde7272b4070d055d45ac02','begin',NULL,NULL,'990200',NULL,'{"actingFor":null,"action":"instance.started","actorId":"0199a000-0000-7000-8000-000000000004","after":{"caseNumber":"ZJ-990200-2026-000007","status":"active","title":"调用","variables":{"initiatorId":"0199a000-0000-7000-8000-000000000004"}},"asked":{"businessKey":"C1","by":"hand"},"before":{"variables":{"initiatorId":null}},"channel":"web","clause":"9.1a","definitionVersion":"caller@1","elementId":"begin","id":"01a20531-5de0-7191-bdc9-5cd23a2771fc","instanceId":"01a20531-5dde-7272-b407-0d055d45ac02","occurredAt":"2026-11-23T01:00:00.000000+00:00","outcome":"done","personal":{"actorName":"0be046afe0c273f365428a9d2d43adfaa18c828ce98eef7e52ddbc3152d04082"},"reason":null,"regionCode":"990200","role":null,"schema":1,"sequence":1,"stream":"instance:01a20531-5dde-7272-b407-0d055d45ac02","subjectId":null,"subjectType":null,"unitId":null}','0000000000000000000000000000000000000000000000000000000000000000','47360b6f573b546fcde47ef3c09bcb3669196d71191da4e60200f6a502e8b290');
INSERT INTO "audit_event" VALUES('01a205315de57300a299f3854d2d79c7','instance:01a20531-5de3-7000-9474-5c34676cece8',1,1,'sha-256','2026-11-23 01:00:00.000000','instance.started','done','0199a000000070008000000000000004','01a205315de3700094745c34676cece8','begin',NULL,NULL,'990200',NULL,'{"actingFor":null,"action":"instance.started","actorId":"0199a000-0000-7000-8000-000000000004","after":{"caseNumber":"ZJ-990200-2026-000008","status":"active","title":"创建","variables":{"initiatorId":"0199a000-0000-7000-8000-000000000004","versionId":"V1"}},"asked":{"businessKey":"V1","by":"hand"},"before":{"variables":{"initiatorId":null,"versionId":null}},"channel":"web","clause":"9.1a","definitionVersion":"creation@1","elementId":"begin","id":"01a20531-5de5-7300-a299-f3854d2d79c7","instanceId":"01a20531-5de3-7000-9474-5c34676cece8","occurredAt":"2026-11-23T01:00:00.000000+00:00","outcome":"done","personal":{"actorName":"5934cb580fcf3f3fcf58688bdec741a2cdde84bb406c4fce7a94f41c18804db1"},"reason":null,"regionCode":"990200","role":null,"schema":1,"sequence":1,"stream":"instance:01a20531-5de3-7000-9474-5c34676cece8","subjectId":null,"subjectType":null,"unitId":null}','0000000000000000000000000000000000000000000000000000000000000000','ea8218a13f191fbced5b13f1347e6114bbf4f15a31f022efd19f557cdc2ba23b');
CREATE TABLE audit_personal_value (
	event_id CHAR(32) NOT NULL, 
	"values" TEXT NOT NULL, 
	CONSTRAINT pk_audit_personal_value PRIMARY KEY (event_id), 
	CONSTRAINT fk_audit_personal_value_event_id_audit_event FOREIGN KEY(event_id) REFERENCES audit_event (id) ON DELETE RESTRICT
);
INSERT INTO "audit_personal_value" VALUES('01a205315bb97232b4f227909e1425f3','{"actorName":{"salt":"bd3f410be5163062b0b026b9147629b4","value":"安全管理员"}}');
INSERT INTO "audit_personal_value" VALUES('01a205315bed70d6be193fd14914b944','{"actorName":{"salt":"6b6abebe9a510c40fcc72a866b56208c","value":"安全管理员"}}');
INSERT INTO "audit_personal_value" VALUES('01a205315c5970cdb10a086a61e4c9c4','{"actorName":{"salt":"a35262705b938f341cbafd87f1192a91","value":"安全管理员"}}');
INSERT INTO "audit_personal_value" VALUES('01a205315ca27272b8f0c73f4d5929bf','{"actorName":{"salt":"5ac488bc792bb44940f41016d2df10ba","value":"安全管理员"}}');
INSERT INTO "audit_personal_value" VALUES('01a205315cee709a937cbc23df738417','{"actorName":{"salt":"552f916ec55f580e07168b1c35f74afb","value":"安全管理员"}}');
INSERT INTO "audit_personal_value" VALUES('01a205315d2170009cb805a2d4b48c3a','{"actorName":{"salt":"41083be586357bcd10265ea2fb6ef3a3","value":"安全管理员"}}');
INSERT INTO "audit_personal_value" VALUES('01a205315d5570578392955cff71e1ed','{"actorName":{"salt":"a80344bc25f5aad3fec1b90adcdad6ba","value":"安全管理员"}}');
INSERT INTO "audit_personal_value" VALUES('01a205315d8e7064a2e4abbd6de6e55e','{"actorName":{"salt":"5266306ca1fc22d5931b9753c4ef2c5f","value":"安全管理员"}}');
INSERT INTO "audit_personal_value" VALUES('01a205315d99718cb7a5567c0eb69c0d','{"actorName":{"salt":"7249484fce48b418730670c32d29e03d","value":"发布员"}}');
INSERT INTO "audit_personal_value" VALUES('01a205315d9d7157b10b9504e1c665b0','{"actorName":{"salt":"f86884372bfebc0ab4bd37b119a0d511","value":"发布员"}}');
INSERT INTO "audit_personal_value" VALUES('01a205315da972bc9afd2e730ed77b97','{"actorName":{"salt":"1516865bdee9259a7b980650b845c440","value":"发布员"}}');
INSERT INTO "audit_personal_value" VALUES('01a205315db3715897c574fb0629e40d','{"actorName":{"salt":"56d9783c95ef127058aa1b005a74ca73","value":"platform"}}');
INSERT INTO "audit_personal_value" VALUES('01a205315db87248b108649e0e19d1fe','{"actorName":{"salt":"caae80d28490b3a44476c18fb83d646b","value":"审核员甲"}}');
INSERT INTO "audit_personal_value" VALUES('01a205315dc5716a877a4f12ff1ab7a2','{"actorName":{"salt":"11a1feee8dc386ae35884606cbc96095","value":"发布员"}}');
INSERT INTO "audit_personal_value" VALUES('01a205315dcb71d0829e609603db2a66','{"actorName":{"salt":"e1efd2bc7b3db7b133c5389fee0d4d7a","value":"发布员"}}');
INSERT INTO "audit_personal_value" VALUES('01a205315dcf71c3b090d9763be0d070','{"actorName":{"salt":"4c80f0b45f23167e069dfd1d97418c5f","value":"审核员甲"}}');
INSERT INTO "audit_personal_value" VALUES('01a205315dd47114a85363aa6dc19b2d','{"actorName":{"salt":"b9527e9c5078f10774e387d84a60074c","value":"发布员"}}');
INSERT INTO "audit_personal_value" VALUES('01a205315dd970c4bfc6138544c27559','{"actorName":{"salt":"a0c3236907bdb40ace64484a75f5a077","value":"发布员"}}');
INSERT INTO "audit_personal_value" VALUES('01a205315de07191bdc95cd23a2771fc','{"actorName":{"salt":"7c256a8ce547e14edc3a33e998370b5a","value":"发布员"}}');
INSERT INTO "audit_personal_value" VALUES('01a205315de57300a299f3854d2d79c7','{"actorName":{"salt":"9ec34ae48e0f1b69230ece8ad331580e","value":"发布员"}}');
CREATE TABLE audit_stream (
	name VARCHAR(80) NOT NULL, 
	last_sequence INTEGER NOT NULL, 
	last_hash VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_audit_stream PRIMARY KEY (name)
);
INSERT INTO "audit_stream" VALUES('system:definitions',8,'c20d0d9f7d147689162a8b276b88a1a0c0b08e5c0648d17000238907db80facc');
INSERT INTO "audit_stream" VALUES('instance:01a20531-5d94-7202-a5d0-ba1629acae62',1,'ab35e3e170501a69cce556dc091a9ff595e8c9e49bdd21bdd1ee39914894ba54');
INSERT INTO "audit_stream" VALUES('instance:01a20531-5d9c-7123-8f8a-5b6887e478fd',4,'d85a27eefae580b5818435ac9e7b32d0ec9b8feaad2c3a1ecf748bb5e20ec7c3');
INSERT INTO "audit_stream" VALUES('instance:01a20531-5dc3-709c-a479-508bb612c9e9',1,'eee62b609d144cdd2c601e8a2b913b534a7d12df6196f146c92da5568b0f61e4');
INSERT INTO "audit_stream" VALUES('instance:01a20531-5dc9-71c1-95ee-c75fe2d96321',2,'f794cabd0d4c8d6d8339df3f83be2637a9a3d217cbbbf4f89f17624c407997d4');
INSERT INTO "audit_stream" VALUES('instance:01a20531-5dd2-70da-a313-24b0e0f581a9',1,'2ddf5b23ad18130ab62229ce1ca18fb31acdb79daf97aa6156621125578a6ffc');
INSERT INTO "audit_stream" VALUES('instance:01a20531-5dd7-7148-b2cf-e3ddd16955ea',1,'ba9d44976dcc042a6365b99a4b36f556d48a52e6c3ebc80aef911fdd425c4e91');
INSERT INTO "audit_stream" VALUES('instance:01a20531-5dde-7272-b407-0d055d45ac02',1,'47360b6f573b546fcde47ef3c09bcb3669196d71191da4e60200f6a502e8b290');
INSERT INTO "audit_stream" VALUES('instance:01a20531-5de3-7000-9474-5c34676cece8',1,'ea8218a13f191fbced5b13f1347e6114bbf4f15a31f022efd19f557cdc2ba23b');
CREATE TABLE authorisation (
	id CHAR(32) NOT NULL, 
	version_id CHAR(32) NOT NULL, 
	provider_unit_id CHAR(32) NOT NULL, 
	scope TEXT NOT NULL, 
	starts_on VARCHAR(10), 
	ends_on VARCHAR(10), 
	granted_by CHAR(32), 
	accepted_by CHAR(32), 
	instance_id CHAR(32), 
	recorded_at DATETIME NOT NULL, 
	revoked_at DATETIME, 
	CONSTRAINT pk_authorisation PRIMARY KEY (id), 
	CONSTRAINT fk_authorisation_provider_unit_id_unit FOREIGN KEY(provider_unit_id) REFERENCES unit (id) ON DELETE RESTRICT, 
	CONSTRAINT fk_authorisation_version_id_component_version FOREIGN KEY(version_id) REFERENCES component_version (id) ON DELETE RESTRICT
);
CREATE TABLE case_counter (
	region_code VARCHAR(6) NOT NULL, 
	year INTEGER NOT NULL, 
	last_number INTEGER NOT NULL, 
	CONSTRAINT pk_case_counter PRIMARY KEY (region_code, year)
);
INSERT INTO "case_counter" VALUES('990200',2026,8);
CREATE TABLE catalogue_claim (
	kind VARCHAR(12) NOT NULL, 
	value_digest VARCHAR(64) NOT NULL, 
	value TEXT NOT NULL, 
	component_id CHAR(32) NOT NULL, 
	CONSTRAINT pk_catalogue_claim PRIMARY KEY (kind, value_digest), 
	CONSTRAINT fk_catalogue_claim_component_id_component FOREIGN KEY(component_id) REFERENCES component (id) ON DELETE CASCADE
);
CREATE TABLE check_finding (
	id CHAR(32) NOT NULL, 
	run_id CHAR(32) NOT NULL, 
	position INTEGER NOT NULL, 
	rule VARCHAR(80) NOT NULL, 
	severity VARCHAR(12) NOT NULL, 
	evidence TEXT NOT NULL, 
	place TEXT NOT NULL, 
	clause VARCHAR(120) NOT NULL, 
	message TEXT NOT NULL, 
	CONSTRAINT pk_check_finding PRIMARY KEY (id), 
	CONSTRAINT fk_check_finding_run_id_check_run FOREIGN KEY(run_id) REFERENCES check_run (id) ON DELETE CASCADE, 
	CONSTRAINT uq_check_finding_run_id_position UNIQUE (run_id, position)
);
CREATE TABLE check_run (
	id CHAR(32) NOT NULL, 
	version_id CHAR(32) NOT NULL, 
	region_code VARCHAR(6), 
	unit_id CHAR(32), 
	instance_id CHAR(32), 
	element_id VARCHAR(120), 
	job_id CHAR(32), 
	check_name VARCHAR(40) NOT NULL, 
	status VARCHAR(12) NOT NULL, 
	stated_by CHAR(32), 
	stated_by_name VARCHAR(80), 
	summary TEXT NOT NULL, 
	recorded_at DATETIME NOT NULL, 
	CONSTRAINT pk_check_run PRIMARY KEY (id), 
	CONSTRAINT ck_check_run_status CHECK (status IN ('passed', 'failed', 'not_checked')), 
	CONSTRAINT fk_check_run_version_id_component_version FOREIGN KEY(version_id) REFERENCES component_version (id) ON DELETE RESTRICT, 
	CONSTRAINT uq_check_run_job_id_check_name UNIQUE (job_id, check_name)
);
CREATE TABLE component (
	id CHAR(32) NOT NULL, 
	name TEXT NOT NULL, 
	external_id VARCHAR(100), 
	region_code VARCHAR(6) NOT NULL, 
	unit_id CHAR(32) NOT NULL, 
	created_by CHAR(32), 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_component PRIMARY KEY (id), 
	CONSTRAINT fk_component_region_code_region FOREIGN KEY(region_code) REFERENCES region (code) ON DELETE RESTRICT, 
	CONSTRAINT fk_component_unit_id_unit FOREIGN KEY(unit_id) REFERENCES unit (id) ON DELETE RESTRICT, 
	CONSTRAINT uq_component_external_id UNIQUE (external_id)
);
CREATE TABLE component_bigram (
	gram VARCHAR(8) NOT NULL, 
	component_id CHAR(32) NOT NULL, 
	CONSTRAINT pk_component_bigram PRIMARY KEY (gram, component_id), 
	CONSTRAINT fk_component_bigram_component_id_component FOREIGN KEY(component_id) REFERENCES component (id) ON DELETE CASCADE
);
CREATE TABLE component_version (
	id CHAR(32) NOT NULL, 
	component_id CHAR(32) NOT NULL, 
	region_code VARCHAR(6) NOT NULL, 
	unit_id CHAR(32) NOT NULL, 
	provider_unit_id CHAR(32), 
	offered_unit_id CHAR(32), 
	version_raw VARCHAR(64) NOT NULL, 
	version_canonical VARCHAR(80) NOT NULL, 
	version_key VARCHAR(80), 
	state VARCHAR(20) NOT NULL, 
	revision INTEGER NOT NULL, 
	record_digest VARCHAR(64) NOT NULL, 
	import_digest VARCHAR(64), 
	build_mode VARCHAR(20) NOT NULL, 
	technical_field VARCHAR(4), 
	layer VARCHAR(10), 
	capability_class VARCHAR(10), 
	use_requirements VARCHAR(4), 
	is_hosting INTEGER, 
	listed_at DATETIME, 
	suspended_from VARCHAR(20), 
	delist_from VARCHAR(20), 
	round INTEGER NOT NULL, 
	round_started_at DATETIME NOT NULL, 
	submitted_by CHAR(32), 
	duplicate_score FLOAT, 
	review_needed BOOLEAN, 
	directory_id VARCHAR(100), 
	directory_receipt VARCHAR(200), 
	created_by CHAR(32), 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	CONSTRAINT pk_component_version PRIMARY KEY (id), 
	CONSTRAINT fk_component_version_component_id_component FOREIGN KEY(component_id) REFERENCES component (id) ON DELETE RESTRICT, 
	CONSTRAINT fk_component_version_provider_unit_id_unit FOREIGN KEY(provider_unit_id) REFERENCES unit (id) ON DELETE RESTRICT, 
	CONSTRAINT fk_component_version_offered_unit_id_unit FOREIGN KEY(offered_unit_id) REFERENCES unit (id) ON DELETE RESTRICT, 
	CONSTRAINT fk_component_version_record_digest_record_snapshot FOREIGN KEY(record_digest) REFERENCES record_snapshot (digest) ON DELETE RESTRICT, 
	CONSTRAINT fk_component_version_region_code_region FOREIGN KEY(region_code) REFERENCES region (code) ON DELETE RESTRICT, 
	CONSTRAINT fk_component_version_unit_id_unit FOREIGN KEY(unit_id) REFERENCES unit (id) ON DELETE RESTRICT, 
	CONSTRAINT uq_component_version_component_id_version_key UNIQUE (component_id, version_key)
);
CREATE TABLE content_blob (
	digest VARCHAR(64) NOT NULL, 
	media_type VARCHAR(80) NOT NULL, 
	size INTEGER NOT NULL, 
	content BLOB NOT NULL, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_content_blob PRIMARY KEY (digest)
);
INSERT INTO "content_blob" VALUES('5a9f95917c0f01747db8491a8d51930fe0876d4c086d43dca3c4e3df30f4b7f2','application/json',822,X'7B2274797065223A20226F626A656374222C20227469746C65223A2022E5AEA1E69FA5222C2022782D656E223A207B227469746C65223A2022526576696577227D2C202270726F70657274696573223A207B226F7574636F6D65223A207B2274797065223A2022737472696E67222C20227469746C65223A2022E7BB93E8AEBA222C2022782D656E223A207B227469746C65223A20224465636973696F6E227D2C2022656E756D223A205B226167726565222C202272657475726E225D2C2022782D776964676574223A20226F7574636F6D65222C2022782D6C6162656C73223A207B226167726565223A207B227A682D434E223A2022E5908CE6848F222C2022656E223A20224167726565227D2C202272657475726E223A207B227A682D434E223A2022E98080E59B9E222C2022656E223A202252657475726E227D7D7D2C20226F70696E696F6E223A207B2274797065223A2022737472696E67222C20227469746C65223A2022E6848FE8A781222C2022782D656E223A207B227469746C65223A20224F70696E696F6E227D2C20226D61784C656E677468223A203530302C2022782D776964676574223A20227465787461726561227D2C202273636F7265223A207B2274797065223A2022696E7465676572222C20227469746C65223A2022E8AF84E58886222C2022782D656E223A207B227469746C65223A202253636F7265227D2C20226D696E696D756D223A20307D2C20227061706572223A207B2274797065223A2022737472696E67222C20227469746C65223A2022E99984E4BBB6222C2022782D656E223A207B227469746C65223A20225061706572227D2C2022782D776964676574223A202266696C65227D7D2C20227265717569726564223A205B226F7574636F6D65225D2C20226966223A207B2270726F70657274696573223A207B226F7574636F6D65223A207B22636F6E7374223A202272657475726E227D7D7D2C20227468656E223A207B227265717569726564223A205B226F70696E696F6E225D2C202270726F70657274696573223A207B226F70696E696F6E223A207B226D696E4C656E677468223A20317D7D7D2C20226164646974696F6E616C50726F70657274696573223A2066616C73657D','2026-11-23 01:00:00.000000');
INSERT INTO "content_blob" VALUES('e02e6ddd1246315e98fb840add16d86eb5e70630ac38034e0380265f0b17ba41','application/json',743,X'7B226164646974696F6E616C50726F70657274696573223A66616C73652C226966223A7B2270726F70657274696573223A7B226F7574636F6D65223A7B22636F6E7374223A2272657475726E227D7D7D2C2270726F70657274696573223A7B226F70696E696F6E223A7B226D61784C656E677468223A3530302C227469746C65223A22E6848FE8A781222C2274797065223A22737472696E67222C22782D656E223A7B227469746C65223A224F70696E696F6E227D2C22782D776964676574223A227465787461726561227D2C226F7574636F6D65223A7B22656E756D223A5B226167726565222C2272657475726E225D2C227469746C65223A22E7BB93E8AEBA222C2274797065223A22737472696E67222C22782D656E223A7B227469746C65223A224465636973696F6E227D2C22782D6C6162656C73223A7B226167726565223A7B22656E223A224167726565222C227A682D434E223A22E5908CE6848F227D2C2272657475726E223A7B22656E223A2252657475726E222C227A682D434E223A22E98080E59B9E227D7D2C22782D776964676574223A226F7574636F6D65227D2C227061706572223A7B227469746C65223A22E99984E4BBB6222C2274797065223A22737472696E67222C22782D656E223A7B227469746C65223A225061706572227D2C22782D776964676574223A2266696C65227D2C2273636F7265223A7B226D696E696D756D223A302C227469746C65223A22E8AF84E58886222C2274797065223A22696E7465676572222C22782D656E223A7B227469746C65223A2253636F7265227D7D7D2C227265717569726564223A5B226F7574636F6D65225D2C227468656E223A7B2270726F70657274696573223A7B226F70696E696F6E223A7B226D696E4C656E677468223A317D7D2C227265717569726564223A5B226F70696E696F6E225D7D2C227469746C65223A22E5AEA1E69FA5222C2274797065223A226F626A656374222C22782D656E223A7B227469746C65223A22526576696577227D7D','2026-11-23 01:00:00.000000');
INSERT INTO "content_blob" VALUES('10dfb88ce1a8bb8b61eacaaf2e50b4723da3f97018ccba23dc6eb9f0694c7b02','application/bpmn+xml',2651,X'3C3F786D6C2076657273696F6E3D22312E302220656E636F64696E673D225554462D38223F3E3C62706D6E3A646566696E6974696F6E7320786D6C6E733A62706D6E3D22687474703A2F2F7777772E6F6D672E6F72672F737065632F42504D4E2F32303130303532342F4D4F44454C2220786D6C6E733A7370696666776F726B666C6F773D22687474703A2F2F7370696666776F726B666C6F772E6F72672F62706D6E2F736368656D612F312E302F636F72652220786D6C6E733A7A756A69616E3D2275726E3A7A756A69616E3A62706D6E3A312220786D6C6E733A7873693D22687474703A2F2F7777772E77332E6F72672F323030312F584D4C536368656D612D696E7374616E6365222069643D22646566696E6974696F6E7322207461726765744E616D6573706163653D2275726E3A7A756A69616E3A7465737473223E3C62706D6E3A70726F636573732069643D227265766965772D70726F6365737322206E616D653D22E6B58BE8AF95E6B581E7A88B22207A756A69616E3A6E616D65456E3D22546573742070726F636573732220697345786563757461626C653D227472756522207A756A69616E3A7374617274526F6C65733D2272656C656173696E675F756E69742070726F766964657222203E3C62706D6E3A73746172744576656E742069643D22626567696E22206E616D653D22626567696EEFBC88E4B8ADEFBC8922207A756A69616E3A6E616D65456E3D22626567696E22207A756A69616E3A636C61757365733D22392E316122203E3C2F62706D6E3A73746172744576656E743E3C62706D6E3A757365725461736B2069643D2266696C6C5F696E22206E616D653D2266696C6C5F696EEFBC88E4B8ADEFBC8922207A756A69616E3A6E616D65456E3D2266696C6C5F696E22207A756A69616E3A636C61757365733D22392E316122207A756A69616E3A726F6C653D2272656C656173696E675F756E697422203E3C2F62706D6E3A757365725461736B3E3C62706D6E3A736572766963655461736B2069643D22636865636B22206E616D653D22636865636BEFBC88E4B8ADEFBC8922207A756A69616E3A6E616D65456E3D22636865636B22207A756A69616E3A636C61757365733D22392E316122203E3C62706D6E3A657874656E73696F6E456C656D656E74733E3C7370696666776F726B666C6F773A736572766963655461736B4F70657261746F722069643D22636865636B732E72756E223E3C7370696666776F726B666C6F773A706172616D65746572733E3C7370696666776F726B666C6F773A706172616D657465722069643D2273746167652220747970653D22616E79222076616C75653D22276372656174696F6E27222F3E3C2F7370696666776F726B666C6F773A706172616D65746572733E3C2F7370696666776F726B666C6F773A736572766963655461736B4F70657261746F723E3C7A756A69616E3A6F7574707574207661726961626C653D22706173736564222065787072657373696F6E3D22706173736564222F3E3C2F62706D6E3A657874656E73696F6E456C656D656E74733E3C2F62706D6E3A736572766963655461736B3E3C62706D6E3A757365725461736B2069643D2272657669657722206E616D653D22726576696577EFBC88E4B8ADEFBC8922207A756A69616E3A6E616D65456E3D2272657669657722207A756A69616E3A636C61757365733D22392E316122207A756A69616E3A726F6C653D22726576696577657222207A756A69616E3A6469666665727346726F6D3D2266696C6C5F696E223E3C62706D6E3A657874656E73696F6E456C656D656E74733E3C7A756A69616E3A6F7574707574207661726961626C653D226465636973696F6E222065787072657373696F6E3D226F7574636F6D65222F3E3C7370696666776F726B666C6F773A70726F706572746965733E3C7370696666776F726B666C6F773A70726F7065727479206E616D653D22666F726D4A736F6E536368656D6146696C656E616D65222076616C75653D227265766965772E6A736F6E222F3E3C2F7370696666776F726B666C6F773A70726F706572746965733E3C2F62706D6E3A657874656E73696F6E456C656D656E74733E3C2F62706D6E3A757365725461736B3E3C62706D6E3A6578636C7573697665476174657761792069643D226465636964656422206E616D653D2264656369646564EFBC88E4B8ADEFBC8922207A756A69616E3A6E616D65456E3D226465636964656422207A756A69616E3A636C61757365733D22392E316122203E3C2F62706D6E3A6578636C7573697665476174657761793E3C62706D6E3A656E644576656E742069643D22646F6E6522206E616D653D22646F6E65EFBC88E4B8ADEFBC8922207A756A69616E3A6E616D65456E3D22646F6E6522207A756A69616E3A636C61757365733D22392E316122207A756A69616E3A726573756C743D2266696E6973686564223E3C2F62706D6E3A656E644576656E743E3C62706D6E3A73657175656E6365466C6F772069643D22626567696E5F746F5F66696C6C5F696E2220736F757263655265663D22626567696E22207461726765745265663D2266696C6C5F696E223E3C2F62706D6E3A73657175656E6365466C6F773E3C62706D6E3A73657175656E6365466C6F772069643D2266696C6C5F696E5F746F5F636865636B2220736F757263655265663D2266696C6C5F696E22207461726765745265663D22636865636B223E3C2F62706D6E3A73657175656E6365466C6F773E3C62706D6E3A73657175656E6365466C6F772069643D22636865636B5F746F5F7265766965772220736F757263655265663D22636865636B22207461726765745265663D22726576696577223E3C2F62706D6E3A73657175656E6365466C6F773E3C62706D6E3A73657175656E6365466C6F772069643D227265766965775F746F5F646563696465642220736F757263655265663D2272657669657722207461726765745265663D2264656369646564223E3C2F62706D6E3A73657175656E6365466C6F773E3C62706D6E3A73657175656E6365466C6F772069643D22646563696465645F746F5F66696C6C5F696E2220736F757263655265663D226465636964656422207461726765745265663D2266696C6C5F696E223E3C62706D6E3A636F6E646974696F6E45787072657373696F6E207873693A747970653D2262706D6E3A74466F726D616C45787072657373696F6E223E6465636973696F6E203D3D202772657475726E273C2F62706D6E3A636F6E646974696F6E45787072657373696F6E3E3C2F62706D6E3A73657175656E6365466C6F773E3C62706D6E3A73657175656E6365466C6F772069643D22646563696465645F746F5F646F6E652220736F757263655265663D226465636964656422207461726765745265663D22646F6E65223E3C62706D6E3A636F6E646974696F6E45787072657373696F6E207873693A747970653D2262706D6E3A74466F726D616C45787072657373696F6E223E6465636973696F6E203D3D20276167726565273C2F62706D6E3A636F6E646974696F6E45787072657373696F6E3E3C2F62706D6E3A73657175656E6365466C6F773E3C2F62706D6E3A70726F636573733E3C2F62706D6E3A646566696E6974696F6E733E','2026-11-23 01:00:00.000000');
INSERT INTO "content_blob" VALUES('1a587449a42e9f4cc168c261b57ec78271654c555d3bb783b2a0e313efbf5f1a','application/bpmn+xml',1261,X'3C3F786D6C2076657273696F6E3D22312E302220656E636F64696E673D225554462D38223F3E3C62706D6E3A646566696E6974696F6E7320786D6C6E733A62706D6E3D22687474703A2F2F7777772E6F6D672E6F72672F737065632F42504D4E2F32303130303532342F4D4F44454C2220786D6C6E733A7370696666776F726B666C6F773D22687474703A2F2F7370696666776F726B666C6F772E6F72672F62706D6E2F736368656D612F312E302F636F72652220786D6C6E733A7A756A69616E3D2275726E3A7A756A69616E3A62706D6E3A312220786D6C6E733A7873693D22687474703A2F2F7777772E77332E6F72672F323030312F584D4C536368656D612D696E7374616E6365222069643D22646566696E6974696F6E7322207461726765744E616D6573706163653D2275726E3A7A756A69616E3A7465737473223E3C62706D6E3A70726F636573732069643D2273696E676C6522206E616D653D22E6B58BE8AF95E6B581E7A88B22207A756A69616E3A6E616D65456E3D22546573742070726F636573732220697345786563757461626C653D227472756522207A756A69616E3A7374617274526F6C65733D2272656C656173696E675F756E69742070726F766964657222203E3C62706D6E3A73746172744576656E742069643D22626567696E22206E616D653D22626567696EEFBC88E4B8ADEFBC8922207A756A69616E3A6E616D65456E3D22626567696E22207A756A69616E3A636C61757365733D22392E316122203E3C2F62706D6E3A73746172744576656E743E3C62706D6E3A757365725461736B2069643D2272657669657722206E616D653D22726576696577EFBC88E4B8ADEFBC8922207A756A69616E3A6E616D65456E3D2272657669657722207A756A69616E3A636C61757365733D22392E316122207A756A69616E3A726F6C653D22726576696577657222207A756A69616E3A646561646C696E653D223544223E3C62706D6E3A657874656E73696F6E456C656D656E74733E3C7370696666776F726B666C6F773A70726F706572746965733E3C7370696666776F726B666C6F773A70726F7065727479206E616D653D22666F726D4A736F6E536368656D6146696C656E616D65222076616C75653D227265766965772E6A736F6E222F3E3C2F7370696666776F726B666C6F773A70726F706572746965733E3C2F62706D6E3A657874656E73696F6E456C656D656E74733E3C2F62706D6E3A757365725461736B3E3C62706D6E3A656E644576656E742069643D22646F6E6522206E616D653D22646F6E65EFBC88E4B8ADEFBC8922207A756A69616E3A6E616D65456E3D22646F6E6522207A756A69616E3A636C61757365733D22392E316122207A756A69616E3A726573756C743D2266696E6973686564223E3C2F62706D6E3A656E644576656E743E3C62706D6E3A73657175656E6365466C6F772069643D22626567696E5F746F5F7265766965772220736F757263655265663D22626567696E22207461726765745265663D22726576696577223E3C2F62706D6E3A73657175656E6365466C6F773E3C62706D6E3A73657175656E6365466C6F772069643D227265766965775F746F5F646F6E652220736F757263655265663D2272657669657722207461726765745265663D22646F6E65223E3C2F62706D6E3A73657175656E6365466C6F773E3C2F62706D6E3A70726F636573733E3C2F62706D6E3A646566696E6974696F6E733E','2026-11-23 01:00:00.000000');
INSERT INTO "content_blob" VALUES('c4277cb4281939ee45301b7de2eb7331d14f5f1c07d6900ba62dfe0d8c735fd8','application/bpmn+xml',1806,X'3C3F786D6C2076657273696F6E3D22312E302220656E636F64696E673D225554462D38223F3E3C62706D6E3A646566696E6974696F6E7320786D6C6E733A62706D6E3D22687474703A2F2F7777772E6F6D672E6F72672F737065632F42504D4E2F32303130303532342F4D4F44454C2220786D6C6E733A7370696666776F726B666C6F773D22687474703A2F2F7370696666776F726B666C6F772E6F72672F62706D6E2F736368656D612F312E302F636F72652220786D6C6E733A7A756A69616E3D2275726E3A7A756A69616E3A62706D6E3A312220786D6C6E733A7873693D22687474703A2F2F7777772E77332E6F72672F323030312F584D4C536368656D612D696E7374616E6365222069643D22646566696E6974696F6E7322207461726765744E616D6573706163653D2275726E3A7A756A69616E3A7465737473223E3C62706D6E3A70726F636573732069643D22706172616C6C656C22206E616D653D22E6B58BE8AF95E6B581E7A88B22207A756A69616E3A6E616D65456E3D22546573742070726F636573732220697345786563757461626C653D227472756522207A756A69616E3A7374617274526F6C65733D2272656C656173696E675F756E69742070726F766964657222203E3C62706D6E3A73746172744576656E742069643D22626567696E22206E616D653D22626567696EEFBC88E4B8ADEFBC8922207A756A69616E3A6E616D65456E3D22626567696E22207A756A69616E3A636C61757365733D22392E316122203E3C2F62706D6E3A73746172744576656E743E3C62706D6E3A706172616C6C656C476174657761792069643D22666F726B22206E616D653D22666F726BEFBC88E4B8ADEFBC8922207A756A69616E3A6E616D65456E3D22666F726B22207A756A69616E3A636C61757365733D22392E316122203E3C2F62706D6E3A706172616C6C656C476174657761793E3C62706D6E3A757365725461736B2069643D22666972737422206E616D653D226669727374EFBC88E4B8ADEFBC8922207A756A69616E3A6E616D65456E3D22666972737422207A756A69616E3A636C61757365733D22392E316122207A756A69616E3A726F6C653D22726576696577657222203E3C2F62706D6E3A757365725461736B3E3C62706D6E3A757365725461736B2069643D227365636F6E6422206E616D653D227365636F6E64EFBC88E4B8ADEFBC8922207A756A69616E3A6E616D65456E3D227365636F6E6422207A756A69616E3A636C61757365733D22392E316122207A756A69616E3A726F6C653D226F70657261746F7222203E3C2F62706D6E3A757365725461736B3E3C62706D6E3A706172616C6C656C476174657761792069643D226A6F696E22206E616D653D226A6F696EEFBC88E4B8ADEFBC8922207A756A69616E3A6E616D65456E3D226A6F696E22207A756A69616E3A636C61757365733D22392E316122203E3C2F62706D6E3A706172616C6C656C476174657761793E3C62706D6E3A656E644576656E742069643D22646F6E6522206E616D653D22646F6E65EFBC88E4B8ADEFBC8922207A756A69616E3A6E616D65456E3D22646F6E6522207A756A69616E3A636C61757365733D22392E316122207A756A69616E3A726573756C743D2266696E6973686564223E3C2F62706D6E3A656E644576656E743E3C62706D6E3A73657175656E6365466C6F772069643D22626567696E5F746F5F666F726B2220736F757263655265663D22626567696E22207461726765745265663D22666F726B223E3C2F62706D6E3A73657175656E6365466C6F773E3C62706D6E3A73657175656E6365466C6F772069643D22666F726B5F746F5F66697273742220736F757263655265663D22666F726B22207461726765745265663D226669727374223E3C2F62706D6E3A73657175656E6365466C6F773E3C62706D6E3A73657175656E6365466C6F772069643D2266697273745F746F5F6A6F696E2220736F757263655265663D22666972737422207461726765745265663D226A6F696E223E3C2F62706D6E3A73657175656E6365466C6F773E3C62706D6E3A73657175656E6365466C6F772069643D226A6F696E5F746F5F646F6E652220736F757263655265663D226A6F696E22207461726765745265663D22646F6E65223E3C2F62706D6E3A73657175656E6365466C6F773E3C62706D6E3A73657175656E6365466C6F772069643D22666F726B5F746F5F7365636F6E642220736F757263655265663D22666F726B22207461726765745265663D227365636F6E64223E3C2F62706D6E3A73657175656E6365466C6F773E3C62706D6E3A73657175656E6365466C6F772069643D227365636F6E645F746F5F6A6F696E2220736F757263655265663D227365636F6E6422207461726765745265663D226A6F696E223E3C2F62706D6E3A73657175656E6365466C6F773E3C2F62706D6E3A70726F636573733E3C2F62706D6E3A646566696E6974696F6E733E','2026-11-23 01:00:00.000000');
INSERT INTO "content_blob" VALUES('ad3ff0c148065bf8acafe29eed0e286b793ed070359a8a2b900fee293c9eeb06','application/bpmn+xml',1920,X'3C3F786D6C2076657273696F6E3D22312E302220656E636F64696E673D225554462D38223F3E3C62706D6E3A646566696E6974696F6E7320786D6C6E733A62706D6E3D22687474703A2F2F7777772E6F6D672E6F72672F737065632F42504D4E2F32303130303532342F4D4F44454C2220786D6C6E733A7370696666776F726B666C6F773D22687474703A2F2F7370696666776F726B666C6F772E6F72672F62706D6E2F736368656D612F312E302F636F72652220786D6C6E733A7A756A69616E3D2275726E3A7A756A69616E3A62706D6E3A312220786D6C6E733A7873693D22687474703A2F2F7777772E77332E6F72672F323030312F584D4C536368656D612D696E7374616E6365222069643D22646566696E6974696F6E7322207461726765744E616D6573706163653D2275726E3A7A756A69616E3A7465737473223E3C62706D6E3A6572726F722069643D22726566757365645F6572726F7222206E616D653D227265667573656422206572726F72436F64653D2272656675736564222F3E3C62706D6E3A70726F636573732069643D227365727669636522206E616D653D22E6B58BE8AF95E6B581E7A88B22207A756A69616E3A6E616D65456E3D22546573742070726F636573732220697345786563757461626C653D227472756522207A756A69616E3A7374617274526F6C65733D2272656C656173696E675F756E69742070726F766964657222203E3C62706D6E3A73746172744576656E742069643D22626567696E22206E616D653D22626567696EEFBC88E4B8ADEFBC8922207A756A69616E3A6E616D65456E3D22626567696E22207A756A69616E3A636C61757365733D22392E316122203E3C2F62706D6E3A73746172744576656E743E3C62706D6E3A736572766963655461736B2069643D22636865636B22206E616D653D22636865636BEFBC88E4B8ADEFBC8922207A756A69616E3A6E616D65456E3D22636865636B22207A756A69616E3A636C61757365733D22392E316122203E3C62706D6E3A657874656E73696F6E456C656D656E74733E3C7370696666776F726B666C6F773A736572766963655461736B4F70657261746F722069643D22636865636B732E72756E223E3C7370696666776F726B666C6F773A706172616D65746572733E3C7370696666776F726B666C6F773A706172616D657465722069643D2273746167652220747970653D22616E79222076616C75653D22276372656174696F6E27222F3E3C2F7370696666776F726B666C6F773A706172616D65746572733E3C2F7370696666776F726B666C6F773A736572766963655461736B4F70657261746F723E3C7A756A69616E3A6F7574707574207661726961626C653D22706173736564222065787072657373696F6E3D22706173736564222F3E3C2F62706D6E3A657874656E73696F6E456C656D656E74733E3C2F62706D6E3A736572766963655461736B3E3C62706D6E3A626F756E646172794576656E742069643D227761735F7265667573656422206E616D653D227761735F72656675736564EFBC88E4B8ADEFBC8922207A756A69616E3A6E616D65456E3D227761735F7265667573656422207A756A69616E3A636C61757365733D22392E316122206174746163686564546F5265663D22636865636B222063616E63656C41637469766974793D2274727565223E3C62706D6E3A6572726F724576656E74446566696E6974696F6E206572726F725265663D22726566757365645F6572726F72222F3E3C2F62706D6E3A626F756E646172794576656E743E3C62706D6E3A656E644576656E742069643D22646F6E6522206E616D653D22646F6E65EFBC88E4B8ADEFBC8922207A756A69616E3A6E616D65456E3D22646F6E6522207A756A69616E3A636C61757365733D22392E316122207A756A69616E3A726573756C743D2266696E6973686564223E3C2F62706D6E3A656E644576656E743E3C62706D6E3A656E644576656E742069643D22726566757365645F656E6422206E616D653D22726566757365645F656E64EFBC88E4B8ADEFBC8922207A756A69616E3A6E616D65456E3D22726566757365645F656E6422207A756A69616E3A636C61757365733D22392E316122207A756A69616E3A726573756C743D2272656675736564223E3C2F62706D6E3A656E644576656E743E3C62706D6E3A73657175656E6365466C6F772069643D22626567696E5F746F5F636865636B2220736F757263655265663D22626567696E22207461726765745265663D22636865636B223E3C2F62706D6E3A73657175656E6365466C6F773E3C62706D6E3A73657175656E6365466C6F772069643D22636865636B5F746F5F646F6E652220736F757263655265663D22636865636B22207461726765745265663D22646F6E65223E3C2F62706D6E3A73657175656E6365466C6F773E3C62706D6E3A73657175656E6365466C6F772069643D227761735F726566757365645F746F5F726566757365645F656E642220736F757263655265663D227761735F7265667573656422207461726765745265663D22726566757365645F656E64223E3C2F62706D6E3A73657175656E6365466C6F773E3C2F62706D6E3A70726F636573733E3C2F62706D6E3A646566696E6974696F6E733E','2026-11-23 01:00:00.000000');
INSERT INTO "content_blob" VALUES('233b809748cb08afdde03164f3ea060f1906682b3b30d9881d29852b03bbe293','application/bpmn+xml',1616,X'3C3F786D6C2076657273696F6E3D22312E302220656E636F64696E673D225554462D38223F3E3C62706D6E3A646566696E6974696F6E7320786D6C6E733A62706D6E3D22687474703A2F2F7777772E6F6D672E6F72672F737065632F42504D4E2F32303130303532342F4D4F44454C2220786D6C6E733A7370696666776F726B666C6F773D22687474703A2F2F7370696666776F726B666C6F772E6F72672F62706D6E2F736368656D612F312E302F636F72652220786D6C6E733A7A756A69616E3D2275726E3A7A756A69616E3A62706D6E3A312220786D6C6E733A7873693D22687474703A2F2F7777772E77332E6F72672F323030312F584D4C536368656D612D696E7374616E6365222069643D22646566696E6974696F6E7322207461726765744E616D6573706163653D2275726E3A7A756A69616E3A7465737473223E3C62706D6E3A70726F636573732069643D2274696D656F757422206E616D653D22E6B58BE8AF95E6B581E7A88B22207A756A69616E3A6E616D65456E3D22546573742070726F636573732220697345786563757461626C653D227472756522207A756A69616E3A7374617274526F6C65733D2272656C656173696E675F756E69742070726F766964657222203E3C62706D6E3A73746172744576656E742069643D22626567696E22206E616D653D22626567696EEFBC88E4B8ADEFBC8922207A756A69616E3A6E616D65456E3D22626567696E22207A756A69616E3A636C61757365733D22392E316122203E3C2F62706D6E3A73746172744576656E743E3C62706D6E3A757365725461736B2069643D22616E7377657222206E616D653D22616E73776572EFBC88E4B8ADEFBC8922207A756A69616E3A6E616D65456E3D22616E7377657222207A756A69616E3A636C61757365733D22392E316122207A756A69616E3A726F6C653D2270726F766964657222203E3C2F62706D6E3A757365725461736B3E3C62706D6E3A626F756E646172794576656E742069643D22746F6F5F6C61746522206E616D653D22746F6F5F6C617465EFBC88E4B8ADEFBC8922207A756A69616E3A6E616D65456E3D22746F6F5F6C61746522207A756A69616E3A636C61757365733D22392E316122206174746163686564546F5265663D22616E73776572222063616E63656C41637469766974793D2274727565223E3C62706D6E3A74696D65724576656E74446566696E6974696F6E3E3C62706D6E3A74696D654475726174696F6E207873693A747970653D2262706D6E3A74466F726D616C45787072657373696F6E223E5033443C2F62706D6E3A74696D654475726174696F6E3E3C2F62706D6E3A74696D65724576656E74446566696E6974696F6E3E3C2F62706D6E3A626F756E646172794576656E743E3C62706D6E3A656E644576656E742069643D22646F6E6522206E616D653D22646F6E65EFBC88E4B8ADEFBC8922207A756A69616E3A6E616D65456E3D22646F6E6522207A756A69616E3A636C61757365733D22392E316122207A756A69616E3A726573756C743D2266696E6973686564223E3C2F62706D6E3A656E644576656E743E3C62706D6E3A656E644576656E742069643D22676976656E5F757022206E616D653D22676976656E5F7570EFBC88E4B8ADEFBC8922207A756A69616E3A6E616D65456E3D22676976656E5F757022207A756A69616E3A636C61757365733D22392E316122207A756A69616E3A726573756C743D226F766572647565223E3C2F62706D6E3A656E644576656E743E3C62706D6E3A73657175656E6365466C6F772069643D22626567696E5F746F5F616E737765722220736F757263655265663D22626567696E22207461726765745265663D22616E73776572223E3C2F62706D6E3A73657175656E6365466C6F773E3C62706D6E3A73657175656E6365466C6F772069643D22616E737765725F746F5F646F6E652220736F757263655265663D22616E7377657222207461726765745265663D22646F6E65223E3C2F62706D6E3A73657175656E6365466C6F773E3C62706D6E3A73657175656E6365466C6F772069643D22746F6F5F6C6174655F746F5F676976656E5F75702220736F757263655265663D22746F6F5F6C61746522207461726765745265663D22676976656E5F7570223E3C2F62706D6E3A73657175656E6365466C6F773E3C2F62706D6E3A70726F636573733E3C2F62706D6E3A646566696E6974696F6E733E','2026-11-23 01:00:00.000000');
INSERT INTO "content_blob" VALUES('54993ce9aef657858c44f601206ff3e621aa2358e181dcca1c874429319e7f82','application/bpmn+xml',1185,X'3C3F786D6C2076657273696F6E3D22312E302220656E636F64696E673D225554462D38223F3E3C62706D6E3A646566696E6974696F6E7320786D6C6E733A62706D6E3D22687474703A2F2F7777772E6F6D672E6F72672F737065632F42504D4E2F32303130303532342F4D4F44454C2220786D6C6E733A7370696666776F726B666C6F773D22687474703A2F2F7370696666776F726B666C6F772E6F72672F62706D6E2F736368656D612F312E302F636F72652220786D6C6E733A7A756A69616E3D2275726E3A7A756A69616E3A62706D6E3A312220786D6C6E733A7873693D22687474703A2F2F7777772E77332E6F72672F323030312F584D4C536368656D612D696E7374616E6365222069643D22646566696E6974696F6E7322207461726765744E616D6573706163653D2275726E3A7A756A69616E3A7465737473223E3C62706D6E3A70726F636573732069643D2263616C6C657222206E616D653D22E6B58BE8AF95E6B581E7A88B22207A756A69616E3A6E616D65456E3D22546573742070726F636573732220697345786563757461626C653D227472756522207A756A69616E3A7374617274526F6C65733D2272656C656173696E675F756E69742070726F766964657222203E3C62706D6E3A73746172744576656E742069643D22626567696E22206E616D653D22626567696EEFBC88E4B8ADEFBC8922207A756A69616E3A6E616D65456E3D22626567696E22207A756A69616E3A636C61757365733D22392E316122203E3C2F62706D6E3A73746172744576656E743E3C62706D6E3A63616C6C41637469766974792069643D227061727422206E616D653D2270617274EFBC88E4B8ADEFBC8922207A756A69616E3A6E616D65456E3D227061727422207A756A69616E3A636C61757365733D22392E3161222063616C6C6564456C656D656E743D2273696E676C65223E3C62706D6E3A657874656E73696F6E456C656D656E74733E3C7A756A69616E3A6F7574707574207661726961626C653D2270617274526573756C74222065787072657373696F6E3D22676574286F75747075742C2027726573756C74272C204E6F6E6529222F3E3C2F62706D6E3A657874656E73696F6E456C656D656E74733E3C2F62706D6E3A63616C6C41637469766974793E3C62706D6E3A656E644576656E742069643D22646F6E6522206E616D653D22646F6E65EFBC88E4B8ADEFBC8922207A756A69616E3A6E616D65456E3D22646F6E6522207A756A69616E3A636C61757365733D22392E316122207A756A69616E3A726573756C743D2266696E6973686564223E3C2F62706D6E3A656E644576656E743E3C62706D6E3A73657175656E6365466C6F772069643D22626567696E5F746F5F706172742220736F757263655265663D22626567696E22207461726765745265663D2270617274223E3C2F62706D6E3A73657175656E6365466C6F773E3C62706D6E3A73657175656E6365466C6F772069643D22706172745F746F5F646F6E652220736F757263655265663D227061727422207461726765745265663D22646F6E65223E3C2F62706D6E3A73657175656E6365466C6F773E3C2F62706D6E3A70726F636573733E3C2F62706D6E3A646566696E6974696F6E733E','2026-11-23 01:00:00.000000');
INSERT INTO "content_blob" VALUES('76ebe3ad0639e5f62130468d8d53206cfdd4ece3a6cea08ed1358b1ec14b3d32','application/bpmn+xml',1183,X'3C3F786D6C2076657273696F6E3D22312E302220656E636F64696E673D225554462D38223F3E3C62706D6E3A646566696E6974696F6E7320786D6C6E733A62706D6E3D22687474703A2F2F7777772E6F6D672E6F72672F737065632F42504D4E2F32303130303532342F4D4F44454C2220786D6C6E733A7370696666776F726B666C6F773D22687474703A2F2F7370696666776F726B666C6F772E6F72672F62706D6E2F736368656D612F312E302F636F72652220786D6C6E733A7A756A69616E3D2275726E3A7A756A69616E3A62706D6E3A312220786D6C6E733A7873693D22687474703A2F2F7777772E77332E6F72672F323030312F584D4C536368656D612D696E7374616E6365222069643D22646566696E6974696F6E7322207461726765744E616D6573706163653D2275726E3A7A756A69616E3A7465737473223E3C62706D6E3A6D6573736167652069643D226372656174656422206E616D653D22636F6D706F6E656E742E63726561746564222F3E3C62706D6E3A70726F636573732069643D226F6E626F617264696E6722206E616D653D22E6B58BE8AF95E6B581E7A88B22207A756A69616E3A6E616D65456E3D22546573742070726F636573732220697345786563757461626C653D227472756522207A756A69616E3A7374617274526F6C65733D2272656C656173696E675F756E69742070726F766964657222207A756A69616E3A6578636C75736976653D2274727565223E3C62706D6E3A73746172744576656E742069643D22746F6C6422206E616D653D22746F6C64EFBC88E4B8ADEFBC8922207A756A69616E3A6E616D65456E3D22746F6C6422207A756A69616E3A636C61757365733D22392E316122203E3C62706D6E3A6D6573736167654576656E74446566696E6974696F6E206D6573736167655265663D2263726561746564222F3E3C2F62706D6E3A73746172744576656E743E3C62706D6E3A757365725461736B2069643D22616461707422206E616D653D226164617074EFBC88E4B8ADEFBC8922207A756A69616E3A6E616D65456E3D22616461707422207A756A69616E3A636C61757365733D22392E316122207A756A69616E3A726F6C653D2270726F766964657222203E3C2F62706D6E3A757365725461736B3E3C62706D6E3A656E644576656E742069643D22646F6E6522206E616D653D22646F6E65EFBC88E4B8ADEFBC8922207A756A69616E3A6E616D65456E3D22646F6E6522207A756A69616E3A636C61757365733D22392E316122207A756A69616E3A726573756C743D2266696E6973686564223E3C2F62706D6E3A656E644576656E743E3C62706D6E3A73657175656E6365466C6F772069643D22746F6C645F746F5F61646170742220736F757263655265663D22746F6C6422207461726765745265663D226164617074223E3C2F62706D6E3A73657175656E6365466C6F773E3C62706D6E3A73657175656E6365466C6F772069643D2261646170745F746F5F646F6E652220736F757263655265663D22616461707422207461726765745265663D22646F6E65223E3C2F62706D6E3A73657175656E6365466C6F773E3C2F62706D6E3A70726F636573733E3C2F62706D6E3A646566696E6974696F6E733E','2026-11-23 01:00:00.000000');
INSERT INTO "content_blob" VALUES('df875d22a089d2fdfe83361c9907eb91625885dc5eac04d2288d07545db720d5','application/bpmn+xml',1577,X'3C3F786D6C2076657273696F6E3D22312E302220656E636F64696E673D225554462D38223F3E3C62706D6E3A646566696E6974696F6E7320786D6C6E733A62706D6E3D22687474703A2F2F7777772E6F6D672E6F72672F737065632F42504D4E2F32303130303532342F4D4F44454C2220786D6C6E733A7370696666776F726B666C6F773D22687474703A2F2F7370696666776F726B666C6F772E6F72672F62706D6E2F736368656D612F312E302F636F72652220786D6C6E733A7A756A69616E3D2275726E3A7A756A69616E3A62706D6E3A312220786D6C6E733A7873693D22687474703A2F2F7777772E77332E6F72672F323030312F584D4C536368656D612D696E7374616E6365222069643D22646566696E6974696F6E7322207461726765744E616D6573706163653D2275726E3A7A756A69616E3A7465737473223E3C62706D6E3A6D6573736167652069643D226372656174656422206E616D653D22636F6D706F6E656E742E63726561746564222F3E3C62706D6E3A70726F636573732069643D226372656174696F6E22206E616D653D22E6B58BE8AF95E6B581E7A88B22207A756A69616E3A6E616D65456E3D22546573742070726F636573732220697345786563757461626C653D227472756522207A756A69616E3A7374617274526F6C65733D2272656C656173696E675F756E69742070726F766964657222203E3C62706D6E3A73746172744576656E742069643D22626567696E22206E616D653D22626567696EEFBC88E4B8ADEFBC8922207A756A69616E3A6E616D65456E3D22626567696E22207A756A69616E3A636C61757365733D22392E316122203E3C2F62706D6E3A73746172744576656E743E3C62706D6E3A757365725461736B2069643D227072657061726522206E616D653D2270726570617265EFBC88E4B8ADEFBC8922207A756A69616E3A6E616D65456E3D227072657061726522207A756A69616E3A636C61757365733D22392E316122207A756A69616E3A726F6C653D2272656C656173696E675F756E697422203E3C2F62706D6E3A757365725461736B3E3C62706D6E3A696E7465726D6564696174655468726F774576656E742069643D2274656C6C22206E616D653D2274656C6CEFBC88E4B8ADEFBC8922207A756A69616E3A6E616D65456E3D2274656C6C22207A756A69616E3A636C61757365733D22392E316122207A756A69616E3A636F7272656C6174696F6E4B65793D2276657273696F6E4964223E3C62706D6E3A657874656E73696F6E456C656D656E74733E3C7A756A69616E3A7061796C6F61643E3C7A756A69616E3A706172616D65746572206E616D653D2276657273696F6E4964222076616C75653D2276657273696F6E4964222F3E3C2F7A756A69616E3A7061796C6F61643E3C2F62706D6E3A657874656E73696F6E456C656D656E74733E3C62706D6E3A6D6573736167654576656E74446566696E6974696F6E206D6573736167655265663D2263726561746564222F3E3C2F62706D6E3A696E7465726D6564696174655468726F774576656E743E3C62706D6E3A656E644576656E742069643D22646F6E6522206E616D653D22646F6E65EFBC88E4B8ADEFBC8922207A756A69616E3A6E616D65456E3D22646F6E6522207A756A69616E3A636C61757365733D22392E316122207A756A69616E3A726573756C743D2266696E6973686564223E3C2F62706D6E3A656E644576656E743E3C62706D6E3A73657175656E6365466C6F772069643D22626567696E5F746F5F707265706172652220736F757263655265663D22626567696E22207461726765745265663D2270726570617265223E3C2F62706D6E3A73657175656E6365466C6F773E3C62706D6E3A73657175656E6365466C6F772069643D22707265706172655F746F5F74656C6C2220736F757263655265663D227072657061726522207461726765745265663D2274656C6C223E3C2F62706D6E3A73657175656E6365466C6F773E3C62706D6E3A73657175656E6365466C6F772069643D2274656C6C5F746F5F646F6E652220736F757263655265663D2274656C6C22207461726765745265663D22646F6E65223E3C2F62706D6E3A73657175656E6365466C6F773E3C2F62706D6E3A70726F636573733E3C2F62706D6E3A646566696E6974696F6E733E','2026-11-23 01:00:00.000000');
INSERT INTO "content_blob" VALUES('a714dde47458dfc16ce5fd7da4af6f176b9b0c5dd3f4300fc3ac65230d78658a','application/json',51,X'7B226174746163686D656E7473223A7B7D2C2264617461223A7B7D2C22666F726D223A6E756C6C2C22736368656D61223A317D','2026-11-23 01:00:00.000000');
CREATE TABLE definition_draft (
	id CHAR(32) NOT NULL, 
	"key" VARCHAR(80) NOT NULL, 
	name VARCHAR(200) NOT NULL, 
	name_en VARCHAR(200) NOT NULL, 
	status VARCHAR(12) NOT NULL, 
	author_id CHAR(32), 
	note TEXT NOT NULL, 
	base_version INTEGER, 
	files TEXT NOT NULL, 
	revision INTEGER NOT NULL, 
	created_at DATETIME NOT NULL, 
	changed_at DATETIME NOT NULL, 
	submitted_at DATETIME, 
	decided_by CHAR(32), 
	decided_at DATETIME, 
	decision_reason TEXT NOT NULL, 
	released_version_id CHAR(32), 
	CONSTRAINT pk_definition_draft PRIMARY KEY (id), 
	CONSTRAINT fk_definition_draft_released_version_id_definition_version FOREIGN KEY(released_version_id) REFERENCES definition_version (id) ON DELETE RESTRICT
);
CREATE TABLE definition_file (
	version_id CHAR(32) NOT NULL, 
	name VARCHAR(200) NOT NULL, 
	digest VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_definition_file PRIMARY KEY (version_id, name), 
	CONSTRAINT fk_definition_file_digest_content_blob FOREIGN KEY(digest) REFERENCES content_blob (digest) ON DELETE RESTRICT, 
	CONSTRAINT fk_definition_file_version_id_definition_version FOREIGN KEY(version_id) REFERENCES definition_version (id) ON DELETE RESTRICT
);
INSERT INTO "definition_file" VALUES('01a205315bb072f29bdea496edb0f8e5','forms/review.json','5a9f95917c0f01747db8491a8d51930fe0876d4c086d43dca3c4e3df30f4b7f2');
INSERT INTO "definition_file" VALUES('01a205315bb072f29bdea496edb0f8e5','review-process.bpmn','10dfb88ce1a8bb8b61eacaaf2e50b4723da3f97018ccba23dc6eb9f0694c7b02');
INSERT INTO "definition_file" VALUES('01a205315beb7118b64279c49c5f18d8','forms/review.json','5a9f95917c0f01747db8491a8d51930fe0876d4c086d43dca3c4e3df30f4b7f2');
INSERT INTO "definition_file" VALUES('01a205315beb7118b64279c49c5f18d8','single.bpmn','1a587449a42e9f4cc168c261b57ec78271654c555d3bb783b2a0e313efbf5f1a');
INSERT INTO "definition_file" VALUES('01a205315c5773d88940eeeefbc414e2','parallel.bpmn','c4277cb4281939ee45301b7de2eb7331d14f5f1c07d6900ba62dfe0d8c735fd8');
INSERT INTO "definition_file" VALUES('01a205315ca0721ebdbad684e58b80b4','service.bpmn','ad3ff0c148065bf8acafe29eed0e286b793ed070359a8a2b900fee293c9eeb06');
INSERT INTO "definition_file" VALUES('01a205315cec71828b30615d195fb08a','timeout.bpmn','233b809748cb08afdde03164f3ea060f1906682b3b30d9881d29852b03bbe293');
INSERT INTO "definition_file" VALUES('01a205315d1f717f8edd69ecffd05279','caller.bpmn','54993ce9aef657858c44f601206ff3e621aa2358e181dcca1c874429319e7f82');
INSERT INTO "definition_file" VALUES('01a205315d52700982e623a30af26400','onboarding.bpmn','76ebe3ad0639e5f62130468d8d53206cfdd4ece3a6cea08ed1358b1ec14b3d32');
INSERT INTO "definition_file" VALUES('01a205315d8c71a894eae9f1c44e550b','creation.bpmn','df875d22a089d2fdfe83361c9907eb91625885dc5eac04d2288d07545db720d5');
CREATE TABLE definition_version (
	id CHAR(32) NOT NULL, 
	"key" VARCHAR(80) NOT NULL, 
	version INTEGER NOT NULL, 
	name VARCHAR(200) NOT NULL, 
	name_en VARCHAR(200) NOT NULL, 
	digest VARCHAR(64) NOT NULL, 
	contracts TEXT NOT NULL, 
	start_roles TEXT NOT NULL, 
	calls TEXT NOT NULL, 
	deployed_by CHAR(32), 
	deployed_at DATETIME NOT NULL, 
	note TEXT NOT NULL, 
	CONSTRAINT pk_definition_version PRIMARY KEY (id), 
	CONSTRAINT uq_definition_version_key_version UNIQUE ("key", version)
);
INSERT INTO "definition_version" VALUES('01a205315bb072f29bdea496edb0f8e5','review-process',1,'测试流程','Test process','2a6f65d611d6b6835e13ba037018ea9b423f6097d9c1d14f499d70d5ad701246','{"checks.run":{"parameters":[{"name":"stage","kind":"str","required":false,"choices":["creation","listing"]}],"result":["passed"]}}','["releasing_unit","provider"]','[]','0199a000000070008000000000000002','2026-11-23 01:00:00.000000','');
INSERT INTO "definition_version" VALUES('01a205315beb7118b64279c49c5f18d8','single',1,'测试流程','Test process','3f4be93d2378ed21a99364709736b6ae15603495db285332b878999b8b2a81ec','{}','["releasing_unit","provider"]','[]','0199a000000070008000000000000002','2026-11-23 01:00:00.000000','');
INSERT INTO "definition_version" VALUES('01a205315c5773d88940eeeefbc414e2','parallel',1,'测试流程','Test process','7ed7edaee46bbe0b281a4acfe19a62a1233b1b5c18b33e7b907c2aaef1265d20','{}','["releasing_unit","provider"]','[]','0199a000000070008000000000000002','2026-11-23 01:00:00.000000','');
INSERT INTO "definition_version" VALUES('01a205315ca0721ebdbad684e58b80b4','service',1,'测试流程','Test process','25f0cbba07c47fa624f825cc49775064b0142d0a172649a57a50c944db0b95a1','{"checks.run":{"parameters":[{"name":"stage","kind":"str","required":false,"choices":["creation","listing"]}],"result":["passed"]}}','["releasing_unit","provider"]','[]','0199a000000070008000000000000002','2026-11-23 01:00:00.000000','');
INSERT INTO "definition_version" VALUES('01a205315cec71828b30615d195fb08a','timeout',1,'测试流程','Test process','842405412ac5d713e690f5ce4e90230bd3a92bd3354333529cd6e120e760362e','{}','["releasing_unit","provider"]','[]','0199a000000070008000000000000002','2026-11-23 01:00:00.000000','');
INSERT INTO "definition_version" VALUES('01a205315d1f717f8edd69ecffd05279','caller',1,'测试流程','Test process','45a6c9017f81c9b6d65d62501109b98b81e8de540b33e0885acca9df470044f6','{}','["releasing_unit","provider"]','["single"]','0199a000000070008000000000000002','2026-11-23 01:00:00.000000','');
INSERT INTO "definition_version" VALUES('01a205315d52700982e623a30af26400','onboarding',1,'测试流程','Test process','9238ca8f9ca4d9d1de812762de752ba4d05488758ec9636ca8e2e1887f33a6fa','{}','["releasing_unit","provider"]','[]','0199a000000070008000000000000002','2026-11-23 01:00:00.000000','');
INSERT INTO "definition_version" VALUES('01a205315d8c71a894eae9f1c44e550b','creation',1,'测试流程','Test process','2876372aa5b290fbc42dcf7df477e10ef170cb65fe8ba00153af138d223f7158','{}','["releasing_unit","provider"]','[]','0199a000000070008000000000000002','2026-11-23 01:00:00.000000','');
CREATE TABLE event_start (
	id CHAR(32) NOT NULL, 
	version_id CHAR(32) NOT NULL, 
	"key" VARCHAR(80) NOT NULL, 
	kind VARCHAR(10) NOT NULL, 
	name VARCHAR(200) NOT NULL, 
	element_id VARCHAR(120) NOT NULL, 
	CONSTRAINT pk_event_start PRIMARY KEY (id), 
	CONSTRAINT fk_event_start_version_id_definition_version FOREIGN KEY(version_id) REFERENCES definition_version (id) ON DELETE RESTRICT
);
INSERT INTO "event_start" VALUES('01a205315d5473f3bfda47b9b01a4c99','01a205315d52700982e623a30af26400','onboarding','message','component.created','told');
CREATE TABLE event_subscription (
	id CHAR(32) NOT NULL, 
	instance_id CHAR(32) NOT NULL, 
	wait_id VARCHAR(40) NOT NULL, 
	kind VARCHAR(10) NOT NULL, 
	name VARCHAR(200) NOT NULL, 
	correlation_key VARCHAR(200) NOT NULL, 
	element_id VARCHAR(120) NOT NULL, 
	scope_process VARCHAR(80) NOT NULL, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_event_subscription PRIMARY KEY (id), 
	CONSTRAINT fk_event_subscription_instance_id_process_instance FOREIGN KEY(instance_id) REFERENCES process_instance (id) ON DELETE RESTRICT, 
	CONSTRAINT uq_event_subscription_instance_id_wait_id UNIQUE (instance_id, wait_id)
);
CREATE TABLE former_password (
	id CHAR(32) NOT NULL, 
	identity_id CHAR(32) NOT NULL, 
	password_hash VARCHAR(200) NOT NULL, 
	replaced_at DATETIME NOT NULL, 
	CONSTRAINT pk_former_password PRIMARY KEY (id), 
	CONSTRAINT fk_former_password_identity_id_identity FOREIGN KEY(identity_id) REFERENCES identity (id) ON DELETE CASCADE
);
CREATE TABLE idempotent_request (
	id CHAR(32) NOT NULL, 
	person_id CHAR(32) NOT NULL, 
	idempotency_key VARCHAR(200) NOT NULL, 
	request_digest VARCHAR(64) NOT NULL, 
	status INTEGER NOT NULL, 
	answer TEXT NOT NULL, 
	answered_at DATETIME NOT NULL, 
	CONSTRAINT pk_idempotent_request PRIMARY KEY (id), 
	CONSTRAINT uq_idempotent_request_person_id_idempotency_key UNIQUE (person_id, idempotency_key)
);
CREATE TABLE identity (
	id CHAR(32) NOT NULL, 
	person_id CHAR(32) NOT NULL, 
	provider VARCHAR(40) NOT NULL, 
	subject VARCHAR(200) NOT NULL, 
	password_hash VARCHAR(200), 
	password_set_at DATETIME, 
	must_change BOOLEAN NOT NULL, 
	failures INTEGER NOT NULL, 
	locked_until DATETIME, 
	CONSTRAINT pk_identity PRIMARY KEY (id), 
	CONSTRAINT fk_identity_person_id_person FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE RESTRICT, 
	CONSTRAINT uq_identity_provider_subject UNIQUE (provider, subject)
);
CREATE TABLE incident (
	id CHAR(32) NOT NULL, 
	instance_id CHAR(32) NOT NULL, 
	job_id CHAR(32) NOT NULL, 
	region_code VARCHAR(6) NOT NULL, 
	element_id VARCHAR(120) NOT NULL, 
	scope_process VARCHAR(80) NOT NULL, 
	topic VARCHAR(120), 
	kind VARCHAR(20) NOT NULL, 
	status VARCHAR(10) NOT NULL, 
	cause TEXT NOT NULL, 
	attempts INTEGER NOT NULL, 
	opened_at DATETIME NOT NULL, 
	decided_at DATETIME, 
	decided_by CHAR(32), 
	reason TEXT, 
	CONSTRAINT pk_incident PRIMARY KEY (id), 
	CONSTRAINT fk_incident_instance_id_process_instance FOREIGN KEY(instance_id) REFERENCES process_instance (id) ON DELETE RESTRICT, 
	CONSTRAINT fk_incident_job_id_job FOREIGN KEY(job_id) REFERENCES job (id) ON DELETE RESTRICT
);
CREATE TABLE instance_history (
	id CHAR(32) NOT NULL, 
	instance_id CHAR(32) NOT NULL, 
	kind VARCHAR(10) NOT NULL, 
	element_id VARCHAR(120) NOT NULL, 
	activity_id VARCHAR(40), 
	scope_process VARCHAR(80) NOT NULL, 
	person_id CHAR(32), 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_instance_history PRIMARY KEY (id), 
	CONSTRAINT fk_instance_history_instance_id_process_instance FOREIGN KEY(instance_id) REFERENCES process_instance (id) ON DELETE RESTRICT
);
INSERT INTO "instance_history" VALUES('01a205315d9673bba496e15434379916','01a205315d947202a5d0ba1629acae62','entered','begin','2','review-process','0199a000000070008000000000000004','2026-11-23 01:00:00.000000');
INSERT INTO "instance_history" VALUES('01a205315d9673bc9aaba4f12ea45d05','01a205315d947202a5d0ba1629acae62','completed','begin','2','review-process','0199a000000070008000000000000004','2026-11-23 01:00:00.000000');
INSERT INTO "instance_history" VALUES('01a205315d9673bd9eb8adc04ab9d967','01a205315d947202a5d0ba1629acae62','flow','begin_to_fill_in',NULL,'review-process',NULL,'2026-11-23 01:00:00.000000');
INSERT INTO "instance_history" VALUES('01a205315d9673beb985e755b47fac46','01a205315d947202a5d0ba1629acae62','entered','fill_in','3','review-process',NULL,'2026-11-23 01:00:00.000000');
INSERT INTO "instance_history" VALUES('01a205315d9c712495e92de24bf780b1','01a205315d9c71238f8a5b6887e478fd','entered','begin','2','review-process','0199a000000070008000000000000004','2026-11-23 01:00:00.000000');
INSERT INTO "instance_history" VALUES('01a205315d9c7125ac2ca165235357a2','01a205315d9c71238f8a5b6887e478fd','completed','begin','2','review-process','0199a000000070008000000000000004','2026-11-23 01:00:00.000000');
INSERT INTO "instance_history" VALUES('01a205315d9c71268c22230877464fd8','01a205315d9c71238f8a5b6887e478fd','flow','begin_to_fill_in',NULL,'review-process',NULL,'2026-11-23 01:00:00.000000');
INSERT INTO "instance_history" VALUES('01a205315d9c7127bbf83cb67c0b48bc','01a205315d9c71238f8a5b6887e478fd','entered','fill_in','3','review-process',NULL,'2026-11-23 01:00:00.000000');
INSERT INTO "instance_history" VALUES('01a205315da771fb9a76679cca411313','01a205315d9c71238f8a5b6887e478fd','completed','fill_in','3','review-process','0199a000000070008000000000000004','2026-11-23 01:00:00.000000');
INSERT INTO "instance_history" VALUES('01a205315da771fc90ba2aa8d4328aac','01a205315d9c71238f8a5b6887e478fd','flow','fill_in_to_check',NULL,'review-process',NULL,'2026-11-23 01:00:00.000000');
INSERT INTO "instance_history" VALUES('01a205315da771fdbd1d46249fa0f975','01a205315d9c71238f8a5b6887e478fd','entered','check','4','review-process',NULL,'2026-11-23 01:00:00.000000');
INSERT INTO "instance_history" VALUES('01a205315db17117b7320d8c1f579355','01a205315d9c71238f8a5b6887e478fd','completed','check','4','review-process',NULL,'2026-11-23 01:00:00.000000');
INSERT INTO "instance_history" VALUES('01a205315db17118a0eefbb26026f893','01a205315d9c71238f8a5b6887e478fd','flow','check_to_review',NULL,'review-process',NULL,'2026-11-23 01:00:00.000000');
INSERT INTO "instance_history" VALUES('01a205315db171198de105df5d016085','01a205315d9c71238f8a5b6887e478fd','entered','review','5','review-process',NULL,'2026-11-23 01:00:00.000000');
INSERT INTO "instance_history" VALUES('01a205315dc47099bd582accc90c729d','01a205315dc3709ca479508bb612c9e9','entered','begin','2','single','0199a000000070008000000000000004','2026-11-23 01:00:00.000000');
INSERT INTO "instance_history" VALUES('01a205315dc4709a8da16cb9aee91e12','01a205315dc3709ca479508bb612c9e9','completed','begin','2','single','0199a000000070008000000000000004','2026-11-23 01:00:00.000000');
INSERT INTO "instance_history" VALUES('01a205315dc4709baf61d4ffea74493b','01a205315dc3709ca479508bb612c9e9','flow','begin_to_review',NULL,'single',NULL,'2026-11-23 01:00:00.000000');
INSERT INTO "instance_history" VALUES('01a205315dc4709cab21ce7e8730da8a','01a205315dc3709ca479508bb612c9e9','entered','review','3','single',NULL,'2026-11-23 01:00:00.000000');
INSERT INTO "instance_history" VALUES('01a205315dc971c2ab18a665546bde1a','01a205315dc971c195eec75fe2d96321','entered','begin','2','parallel','0199a000000070008000000000000004','2026-11-23 01:00:00.000000');
INSERT INTO "instance_history" VALUES('01a205315dca739db91e3c84fdfcda50','01a205315dc971c195eec75fe2d96321','completed','begin','2','parallel','0199a000000070008000000000000004','2026-11-23 01:00:00.000000');
INSERT INTO "instance_history" VALUES('01a205315dca739e9abc753e63285c47','01a205315dc971c195eec75fe2d96321','flow','begin_to_fork',NULL,'parallel',NULL,'2026-11-23 01:00:00.000000');
INSERT INTO "instance_history" VALUES('01a205315dca739fa103792e519a2b4e','01a205315dc971c195eec75fe2d96321','entered','fork','3','parallel',NULL,'2026-11-23 01:00:00.000000');
INSERT INTO "instance_history" VALUES('01a205315dca73a0a9b7a0d39a6c12bf','01a205315dc971c195eec75fe2d96321','completed','fork','3','parallel',NULL,'2026-11-23 01:00:00.000000');
INSERT INTO "instance_history" VALUES('01a205315dca73a1bf3f1a14970afbd5','01a205315dc971c195eec75fe2d96321','flow','fork_to_first',NULL,'parallel',NULL,'2026-11-23 01:00:00.000000');
INSERT INTO "instance_history" VALUES('01a205315dca73a2baab8f2718148617','01a205315dc971c195eec75fe2d96321','flow','fork_to_second',NULL,'parallel',NULL,'2026-11-23 01:00:00.000000');
INSERT INTO "instance_history" VALUES('01a205315dca73a3a0a5149530f9d5d0','01a205315dc971c195eec75fe2d96321','entered','first','4','parallel',NULL,'2026-11-23 01:00:00.000000');
INSERT INTO "instance_history" VALUES('01a205315dca73a5bd058888f459a260','01a205315dc971c195eec75fe2d96321','entered','second','5','parallel',NULL,'2026-11-23 01:00:00.000000');
INSERT INTO "instance_history" VALUES('01a205315dcf71c18858ca8688cc6a73','01a205315dc971c195eec75fe2d96321','completed','first','4','parallel','0199a000000070008000000000000005','2026-11-23 01:00:00.000000');
INSERT INTO "instance_history" VALUES('01a205315dcf71c2bb1f0369685aaa2b','01a205315dc971c195eec75fe2d96321','flow','first_to_join',NULL,'parallel',NULL,'2026-11-23 01:00:00.000000');
INSERT INTO "instance_history" VALUES('01a205315dd3739c95b466e420f733ad','01a205315dd270daa31324b0e0f581a9','entered','begin','2','service','0199a000000070008000000000000004','2026-11-23 01:00:00.000000');
INSERT INTO "instance_history" VALUES('01a205315dd3739d812c1fcc2d9a96cf','01a205315dd270daa31324b0e0f581a9','completed','begin','2','service','0199a000000070008000000000000004','2026-11-23 01:00:00.000000');
INSERT INTO "instance_history" VALUES('01a205315dd3739e9818fbe0b068bd86','01a205315dd270daa31324b0e0f581a9','flow','begin_to_check',NULL,'service',NULL,'2026-11-23 01:00:00.000000');
INSERT INTO "instance_history" VALUES('01a205315dd3739fbc4ac3074e3eeef6','01a205315dd270daa31324b0e0f581a9','entered','check','3','service',NULL,'2026-11-23 01:00:00.000000');
INSERT INTO "instance_history" VALUES('01a205315dd77149be0ced81d2eab4f7','01a205315dd77148b2cfe3ddd16955ea','entered','begin','2','timeout','0199a000000070008000000000000004','2026-11-23 01:00:00.000000');
INSERT INTO "instance_history" VALUES('01a205315dd8710cb8a412ad91f2abed','01a205315dd77148b2cfe3ddd16955ea','completed','begin','2','timeout','0199a000000070008000000000000004','2026-11-23 01:00:00.000000');
INSERT INTO "instance_history" VALUES('01a205315dd8710d99db86382f562428','01a205315dd77148b2cfe3ddd16955ea','flow','begin_to_answer',NULL,'timeout',NULL,'2026-11-23 01:00:00.000000');
INSERT INTO "instance_history" VALUES('01a205315dd8710f8175cd5fe6aefef9','01a205315dd77148b2cfe3ddd16955ea','entered','answer','3','timeout',NULL,'2026-11-23 01:00:00.000000');
INSERT INTO "instance_history" VALUES('01a205315ddf71478481957780f5461a','01a205315dde7272b4070d055d45ac02','entered','begin','2','caller','0199a000000070008000000000000004','2026-11-23 01:00:00.000000');
INSERT INTO "instance_history" VALUES('01a205315ddf7148a323df507404d8b6','01a205315dde7272b4070d055d45ac02','completed','begin','2','caller','0199a000000070008000000000000004','2026-11-23 01:00:00.000000');
INSERT INTO "instance_history" VALUES('01a205315ddf7149bff3eb4d619934c3','01a205315dde7272b4070d055d45ac02','flow','begin_to_part',NULL,'caller',NULL,'2026-11-23 01:00:00.000000');
INSERT INTO "instance_history" VALUES('01a205315ddf714a9ab317a3ac6f6b31','01a205315dde7272b4070d055d45ac02','entered','part','3','caller',NULL,'2026-11-23 01:00:00.000000');
INSERT INTO "instance_history" VALUES('01a205315ddf714b85cd38794fe0bb37','01a205315dde7272b4070d055d45ac02','entered','begin','5','single','0199a000000070008000000000000004','2026-11-23 01:00:00.000000');
INSERT INTO "instance_history" VALUES('01a205315ddf714cafd0893c0f10dd38','01a205315dde7272b4070d055d45ac02','completed','begin','5','single','0199a000000070008000000000000004','2026-11-23 01:00:00.000000');
INSERT INTO "instance_history" VALUES('01a205315ddf714d9b16f3927075bba1','01a205315dde7272b4070d055d45ac02','flow','begin_to_review',NULL,'single',NULL,'2026-11-23 01:00:00.000000');
INSERT INTO "instance_history" VALUES('01a205315ddf714eb01388dee5a22308','01a205315dde7272b4070d055d45ac02','entered','review','6','single',NULL,'2026-11-23 01:00:00.000000');
INSERT INTO "instance_history" VALUES('01a205315de471a79a7b5b2e420c9d98','01a205315de3700094745c34676cece8','entered','begin','2','creation','0199a000000070008000000000000004','2026-11-23 01:00:00.000000');
INSERT INTO "instance_history" VALUES('01a205315de471a8ae7cb16952afc192','01a205315de3700094745c34676cece8','completed','begin','2','creation','0199a000000070008000000000000004','2026-11-23 01:00:00.000000');
INSERT INTO "instance_history" VALUES('01a205315de471a992f0a182255d7970','01a205315de3700094745c34676cece8','flow','begin_to_prepare',NULL,'creation',NULL,'2026-11-23 01:00:00.000000');
INSERT INTO "instance_history" VALUES('01a205315de471aab675a82e28c6f571','01a205315de3700094745c34676cece8','entered','prepare','3','creation',NULL,'2026-11-23 01:00:00.000000');
CREATE TABLE job (
	id CHAR(32) NOT NULL, 
	kind VARCHAR(12) NOT NULL, 
	instance_id CHAR(32), 
	version_id CHAR(32), 
	reference VARCHAR(120) NOT NULL, 
	element_id VARCHAR(120) NOT NULL, 
	scope_process VARCHAR(80) NOT NULL, 
	topic VARCHAR(120), 
	parameters TEXT NOT NULL, 
	status VARCHAR(10) NOT NULL, 
	run_at DATETIME NOT NULL, 
	lease_until DATETIME, 
	attempts INTEGER NOT NULL, 
	last_error TEXT, 
	created_at DATETIME NOT NULL, 
	finished_at DATETIME, 
	CONSTRAINT pk_job PRIMARY KEY (id), 
	CONSTRAINT fk_job_instance_id_process_instance FOREIGN KEY(instance_id) REFERENCES process_instance (id) ON DELETE RESTRICT, 
	CONSTRAINT fk_job_version_id_definition_version FOREIGN KEY(version_id) REFERENCES definition_version (id) ON DELETE RESTRICT
);
INSERT INTO "job" VALUES('01a205315da771fe8dc714b9060bb797','service','01a205315d9c71238f8a5b6887e478fd',NULL,'4','check','review-process','checks.run','{"stage":"creation"}','done','2026-11-23 01:00:00.000000',NULL,1,NULL,'2026-11-23 01:00:00.000000','2026-11-23 01:00:00.000000');
INSERT INTO "job" VALUES('01a205315dc4709ea177c8f37f88e102','reminder','01a205315dc3709ca479508bb612c9e9',NULL,'3','review','single',NULL,'{"taskId":"01a20531-5dc4-709d-bcf6-4bb9f8ec5074"}','ready','2026-11-27 13:00:00.000000',NULL,0,NULL,'2026-11-23 01:00:00.000000',NULL);
INSERT INTO "job" VALUES('01a205315dc4709fbeaef3521d85838b','escalation','01a205315dc3709ca479508bb612c9e9',NULL,'3','review','single',NULL,'{"taskId":"01a20531-5dc4-709d-bcf6-4bb9f8ec5074"}','ready','2026-11-28 16:00:00.000000',NULL,0,NULL,'2026-11-23 01:00:00.000000',NULL);
INSERT INTO "job" VALUES('01a205315dd373a08f29f3fdce570c64','service','01a205315dd270daa31324b0e0f581a9',NULL,'3','check','service','checks.run','{"stage":"creation"}','ready','2026-11-23 01:00:00.000000',NULL,0,NULL,'2026-11-23 01:00:00.000000',NULL);
INSERT INTO "job" VALUES('01a205315dd8710eb256a1886e95a259','timer','01a205315dd77148b2cfe3ddd16955ea',NULL,'4','too_late','timeout',NULL,'{}','ready','2026-11-26 01:00:00.000000',NULL,0,NULL,'2026-11-23 01:00:00.000000',NULL);
INSERT INTO "job" VALUES('01a205315ddf7150b2b3b435261286c5','reminder','01a205315dde7272b4070d055d45ac02',NULL,'6','review','single',NULL,'{"taskId":"01a20531-5ddf-714f-bff2-7dcafcef73d1"}','ready','2026-11-27 13:00:00.000000',NULL,0,NULL,'2026-11-23 01:00:00.000000',NULL);
INSERT INTO "job" VALUES('01a205315ddf7151b4ace8711ba2ddc0','escalation','01a205315dde7272b4070d055d45ac02',NULL,'6','review','single',NULL,'{"taskId":"01a20531-5ddf-714f-bff2-7dcafcef73d1"}','ready','2026-11-28 16:00:00.000000',NULL,0,NULL,'2026-11-23 01:00:00.000000',NULL);
CREATE TABLE market_bigram (
	gram VARCHAR(8) NOT NULL, 
	entry_id CHAR(32) NOT NULL, 
	CONSTRAINT pk_market_bigram PRIMARY KEY (gram, entry_id), 
	CONSTRAINT fk_market_bigram_entry_id_market_entry FOREIGN KEY(entry_id) REFERENCES market_entry (id) ON DELETE CASCADE
);
CREATE TABLE market_entry (
	id CHAR(32) NOT NULL, 
	version_id CHAR(32) NOT NULL, 
	component_id CHAR(32) NOT NULL, 
	region_code VARCHAR(6) NOT NULL, 
	unit_id CHAR(32) NOT NULL, 
	name TEXT NOT NULL, 
	version VARCHAR(64) NOT NULL, 
	remark TEXT NOT NULL, 
	image VARCHAR(40) NOT NULL, 
	layer VARCHAR(10) NOT NULL, 
	capability_class VARCHAR(10) NOT NULL, 
	technical_field VARCHAR(4) NOT NULL, 
	use_requirements VARCHAR(4) NOT NULL, 
	is_charge VARCHAR(4) NOT NULL, 
	public_scope INTEGER NOT NULL, 
	settings TEXT NOT NULL, 
	is_visible BOOLEAN NOT NULL, 
	published_at DATETIME NOT NULL, 
	hidden_at DATETIME, 
	CONSTRAINT pk_market_entry PRIMARY KEY (id), 
	CONSTRAINT fk_market_entry_component_id_component FOREIGN KEY(component_id) REFERENCES component (id) ON DELETE RESTRICT, 
	CONSTRAINT fk_market_entry_version_id_component_version FOREIGN KEY(version_id) REFERENCES component_version (id) ON DELETE RESTRICT, 
	CONSTRAINT uq_market_entry_version_id UNIQUE (version_id)
);
CREATE TABLE notice (
	id CHAR(32) NOT NULL, 
	person_id CHAR(32), 
	role VARCHAR(40), 
	region_code VARCHAR(6), 
	unit_id CHAR(32), 
	title TEXT NOT NULL, 
	body TEXT NOT NULL, 
	link VARCHAR(300), 
	template VARCHAR(60), 
	subject_id CHAR(32), 
	sent_at DATETIME NOT NULL, 
	CONSTRAINT pk_notice PRIMARY KEY (id), 
	CONSTRAINT fk_notice_person_id_person FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE CASCADE
);
CREATE TABLE notice_read (
	person_id CHAR(32) NOT NULL, 
	notice_id CHAR(32) NOT NULL, 
	read_at DATETIME NOT NULL, 
	CONSTRAINT pk_notice_read PRIMARY KEY (person_id, notice_id), 
	CONSTRAINT fk_notice_read_notice_id_notice FOREIGN KEY(notice_id) REFERENCES notice (id) ON DELETE CASCADE, 
	CONSTRAINT fk_notice_read_person_id_person FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE CASCADE
);
CREATE TABLE person (
	id CHAR(32) NOT NULL, 
	name VARCHAR(80) NOT NULL, 
	unit_id CHAR(32) NOT NULL, 
	region_code VARCHAR(6) NOT NULL, 
	is_active BOOLEAN NOT NULL, 
	created_at DATETIME NOT NULL, 
	last_sign_in_at DATETIME, 
	CONSTRAINT pk_person PRIMARY KEY (id), 
	CONSTRAINT fk_person_unit_id_unit FOREIGN KEY(unit_id) REFERENCES unit (id) ON DELETE RESTRICT
);
CREATE TABLE process_instance (
	id CHAR(32) NOT NULL, 
	case_number VARCHAR(32) NOT NULL, 
	region_code VARCHAR(6) NOT NULL, 
	unit_id CHAR(32), 
	definition_version_id CHAR(32) NOT NULL, 
	definition_key VARCHAR(80) NOT NULL, 
	definition_version INTEGER NOT NULL, 
	pins TEXT NOT NULL, 
	business_key VARCHAR(200), 
	exclusive_key VARCHAR(300), 
	title VARCHAR(300) NOT NULL, 
	subject_type VARCHAR(40), 
	subject_id CHAR(32), 
	initiator_id CHAR(32), 
	status VARCHAR(12) NOT NULL, 
	outcome VARCHAR(80), 
	open_incidents INTEGER NOT NULL, 
	state TEXT NOT NULL, 
	revision INTEGER NOT NULL, 
	started_at DATETIME NOT NULL, 
	ended_at DATETIME, 
	CONSTRAINT pk_process_instance PRIMARY KEY (id), 
	CONSTRAINT fk_process_instance_definition_version_id_definition_version FOREIGN KEY(definition_version_id) REFERENCES definition_version (id) ON DELETE RESTRICT, 
	CONSTRAINT uq_process_instance_case_number UNIQUE (case_number), 
	CONSTRAINT uq_process_instance_exclusive_key UNIQUE (exclusive_key)
);
INSERT INTO "process_instance" VALUES('01a205315d947202a5d0ba1629acae62','ZJ-990200-2026-000001','990200',NULL,'01a205315bb072f29bdea496edb0f8e5','review-process',1,'{"review-process":"01a20531-5bb0-72f2-9bde-a496edb0f8e5"}','R1',NULL,'待填报',NULL,NULL,'0199a000000070008000000000000004','active',NULL,0,'{"schema":1,"process":"review-process","status":"running","next_id":4,"scopes":{"1":{"process":"review-process","element":null,"owner":null,"tokens":1,"joins":{},"variables":{"initiatorId":"0199a000-0000-7000-8000-000000000004"}}},"activities":{"3":{"scope":"1","element":"fill_in","work":"user"}},"waits":{}}',1,'2026-11-23 01:00:00.000000',NULL);
INSERT INTO "process_instance" VALUES('01a205315d9c71238f8a5b6887e478fd','ZJ-990200-2026-000002','990200',NULL,'01a205315bb072f29bdea496edb0f8e5','review-process',1,'{"review-process":"01a20531-5bb0-72f2-9bde-a496edb0f8e5"}','R2',NULL,'待审查',NULL,NULL,'0199a000000070008000000000000004','active',NULL,0,'{"schema":1,"process":"review-process","status":"running","next_id":6,"scopes":{"1":{"process":"review-process","element":null,"owner":null,"tokens":1,"joins":{},"variables":{"initiatorId":"0199a000-0000-7000-8000-000000000004","passed":true}}},"activities":{"5":{"scope":"1","element":"review","work":"user"}},"waits":{}}',3,'2026-11-23 01:00:00.000000',NULL);
INSERT INTO "process_instance" VALUES('01a205315dc3709ca479508bb612c9e9','ZJ-990200-2026-000003','990200',NULL,'01a205315beb7118b64279c49c5f18d8','single',1,'{"single":"01a20531-5beb-7118-b642-79c49c5f18d8"}','S1',NULL,'有期限',NULL,NULL,'0199a000000070008000000000000004','active',NULL,0,'{"schema":1,"process":"single","status":"running","next_id":4,"scopes":{"1":{"process":"single","element":null,"owner":null,"tokens":1,"joins":{},"variables":{"initiatorId":"0199a000-0000-7000-8000-000000000004"}}},"activities":{"3":{"scope":"1","element":"review","work":"user"}},"waits":{}}',1,'2026-11-23 01:00:00.000000',NULL);
INSERT INTO "process_instance" VALUES('01a205315dc971c195eec75fe2d96321','ZJ-990200-2026-000004','990200',NULL,'01a205315c5773d88940eeeefbc414e2','parallel',1,'{"parallel":"01a20531-5c57-73d8-8940-eeeefbc414e2"}','P1',NULL,'并行',NULL,NULL,'0199a000000070008000000000000004','active',NULL,0,'{"schema":1,"process":"parallel","status":"running","next_id":6,"scopes":{"1":{"process":"parallel","element":null,"owner":null,"tokens":2,"joins":{"first_to_join":1},"variables":{"initiatorId":"0199a000-0000-7000-8000-000000000004"}}},"activities":{"5":{"scope":"1","element":"second","work":"user"}},"waits":{}}',2,'2026-11-23 01:00:00.000000',NULL);
INSERT INTO "process_instance" VALUES('01a205315dd270daa31324b0e0f581a9','ZJ-990200-2026-000005','990200',NULL,'01a205315ca0721ebdbad684e58b80b4','service',1,'{"service":"01a20531-5ca0-721e-bdba-d684e58b80b4"}','J1',NULL,'待自动检查',NULL,NULL,'0199a000000070008000000000000004','active',NULL,0,'{"schema":1,"process":"service","status":"running","next_id":4,"scopes":{"1":{"process":"service","element":null,"owner":null,"tokens":1,"joins":{},"variables":{"initiatorId":"0199a000-0000-7000-8000-000000000004"}}},"activities":{"3":{"scope":"1","element":"check","work":"job"}},"waits":{}}',1,'2026-11-23 01:00:00.000000',NULL);
INSERT INTO "process_instance" VALUES('01a205315dd77148b2cfe3ddd16955ea','ZJ-990200-2026-000006','990200',NULL,'01a205315cec71828b30615d195fb08a','timeout',1,'{"timeout":"01a20531-5cec-7182-8b30-615d195fb08a"}','T1',NULL,'三天内答复',NULL,NULL,'0199a000000070008000000000000004','active',NULL,0,'{"schema":1,"process":"timeout","status":"running","next_id":5,"scopes":{"1":{"process":"timeout","element":null,"owner":null,"tokens":1,"joins":{},"variables":{"initiatorId":"0199a000-0000-7000-8000-000000000004"}}},"activities":{"3":{"scope":"1","element":"answer","work":"user"}},"waits":{"4":{"role":"boundary","kind":"timer","element":"too_late","scope":"1","activity":"3","due":"2026-11-26T01:00:00+00:00"}}}',1,'2026-11-23 01:00:00.000000',NULL);
INSERT INTO "process_instance" VALUES('01a205315dde7272b4070d055d45ac02','ZJ-990200-2026-000007','990200',NULL,'01a205315d1f717f8edd69ecffd05279','caller',1,'{"caller":"01a20531-5d1f-717f-8edd-69ecffd05279","single":"01a20531-5beb-7118-b642-79c49c5f18d8"}','C1',NULL,'调用',NULL,NULL,'0199a000000070008000000000000004','active',NULL,0,'{"schema":1,"process":"caller","status":"running","next_id":7,"scopes":{"1":{"process":"caller","element":null,"owner":null,"tokens":1,"joins":{},"variables":{"initiatorId":"0199a000-0000-7000-8000-000000000004"}},"4":{"process":"single","element":null,"owner":"3","tokens":1,"joins":{},"variables":{"initiatorId":"0199a000-0000-7000-8000-000000000004"}}},"activities":{"3":{"scope":"1","element":"part","child":"4"},"6":{"scope":"4","element":"review","work":"user"}},"waits":{}}',1,'2026-11-23 01:00:00.000000',NULL);
INSERT INTO "process_instance" VALUES('01a205315de3700094745c34676cece8','ZJ-990200-2026-000008','990200',NULL,'01a205315d8c71a894eae9f1c44e550b','creation',1,'{"creation":"01a20531-5d8c-71a8-94ea-e9f1c44e550b"}','V1',NULL,'创建',NULL,NULL,'0199a000000070008000000000000004','active',NULL,0,'{"schema":1,"process":"creation","status":"running","next_id":4,"scopes":{"1":{"process":"creation","element":null,"owner":null,"tokens":1,"joins":{},"variables":{"versionId":"V1","initiatorId":"0199a000-0000-7000-8000-000000000004"}}},"activities":{"3":{"scope":"1","element":"prepare","work":"user"}},"waits":{}}',1,'2026-11-23 01:00:00.000000',NULL);
CREATE TABLE record_snapshot (
	digest VARCHAR(64) NOT NULL, 
	content TEXT NOT NULL, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_record_snapshot PRIMARY KEY (digest)
);
CREATE TABLE recorded_route (
	id CHAR(32) NOT NULL, 
	version_id CHAR(32) NOT NULL, 
	component_id CHAR(32) NOT NULL, 
	region_code VARCHAR(6) NOT NULL, 
	unit_id CHAR(32) NOT NULL, 
	stage VARCHAR(12) NOT NULL, 
	api_code VARCHAR(200) NOT NULL, 
	public_path TEXT NOT NULL, 
	forward_path TEXT NOT NULL, 
	targets TEXT NOT NULL, 
	protocols TEXT NOT NULL, 
	rate_limit INTEGER NOT NULL, 
	timeout_ms INTEGER NOT NULL, 
	enforced BOOLEAN NOT NULL, 
	recorded_at DATETIME NOT NULL, 
	removed_at DATETIME, 
	removal_reason TEXT, 
	CONSTRAINT pk_recorded_route PRIMARY KEY (id), 
	CONSTRAINT ck_recorded_route_stage CHECK (stage IN ('pre_release', 'production')), 
	CONSTRAINT fk_recorded_route_component_id_component FOREIGN KEY(component_id) REFERENCES component (id) ON DELETE RESTRICT, 
	CONSTRAINT fk_recorded_route_version_id_component_version FOREIGN KEY(version_id) REFERENCES component_version (id) ON DELETE RESTRICT
);
CREATE TABLE region (
	code VARCHAR(6) NOT NULL, 
	name VARCHAR(80) NOT NULL, 
	name_en VARCHAR(120) NOT NULL, 
	CONSTRAINT pk_region PRIMARY KEY (code), 
	CONSTRAINT uq_region_name UNIQUE (name)
);
CREATE TABLE role_grant (
	id CHAR(32) NOT NULL, 
	person_id CHAR(32) NOT NULL, 
	role VARCHAR(40) NOT NULL, 
	region_code VARCHAR(6) NOT NULL, 
	unit_id CHAR(32), 
	status VARCHAR(10) NOT NULL, 
	administrator_slot VARCHAR(20), 
	proposed_by CHAR(32), 
	proposed_at DATETIME NOT NULL, 
	decided_by CHAR(32), 
	decided_at DATETIME, 
	reason TEXT, 
	CONSTRAINT pk_role_grant PRIMARY KEY (id), 
	CONSTRAINT ck_role_grant_status CHECK (status IN ('proposed', 'active', 'refused', 'revoked')), 
	CONSTRAINT fk_role_grant_person_id_person FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE RESTRICT, 
	CONSTRAINT fk_role_grant_region_code_region FOREIGN KEY(region_code) REFERENCES region (code) ON DELETE RESTRICT, 
	CONSTRAINT fk_role_grant_unit_id_unit FOREIGN KEY(unit_id) REFERENCES unit (id) ON DELETE RESTRICT, 
	CONSTRAINT uq_role_grant_person_id_administrator_slot UNIQUE (person_id, administrator_slot)
);
CREATE TABLE state_change (
	id CHAR(32) NOT NULL, 
	version_id CHAR(32) NOT NULL, 
	number INTEGER NOT NULL, 
	transition VARCHAR(4) NOT NULL, 
	event VARCHAR(30) NOT NULL, 
	from_state VARCHAR(20), 
	to_state VARCHAR(20) NOT NULL, 
	actor_id CHAR(32), 
	actor_name VARCHAR(80) NOT NULL, 
	reason TEXT, 
	instance_id CHAR(32), 
	changed_at DATETIME NOT NULL, 
	CONSTRAINT pk_state_change PRIMARY KEY (id), 
	CONSTRAINT fk_state_change_version_id_component_version FOREIGN KEY(version_id) REFERENCES component_version (id) ON DELETE RESTRICT, 
	CONSTRAINT uq_state_change_version_id_number UNIQUE (version_id, number)
);
CREATE TABLE stored_file (
	id CHAR(32) NOT NULL, 
	digest VARCHAR(64) NOT NULL, 
	name VARCHAR(255) NOT NULL, 
	media_type VARCHAR(100) NOT NULL, 
	size BIGINT NOT NULL, 
	scan_state VARCHAR(16) NOT NULL, 
	stored_by CHAR(32), 
	stored_at DATETIME NOT NULL, 
	CONSTRAINT pk_stored_file PRIMARY KEY (id)
);
CREATE TABLE unit (
	id CHAR(32) NOT NULL, 
	name VARCHAR(200) NOT NULL, 
	kind VARCHAR(20) NOT NULL, 
	region_code VARCHAR(6) NOT NULL, 
	is_active BOOLEAN NOT NULL, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_unit PRIMARY KEY (id), 
	CONSTRAINT fk_unit_region_code_region FOREIGN KEY(region_code) REFERENCES region (code) ON DELETE RESTRICT, 
	CONSTRAINT uq_unit_name UNIQUE (name)
);
CREATE TABLE user_task (
	id CHAR(32) NOT NULL, 
	instance_id CHAR(32) NOT NULL, 
	activity_id VARCHAR(40) NOT NULL, 
	element_id VARCHAR(120) NOT NULL, 
	scope_process VARCHAR(80) NOT NULL, 
	process_key VARCHAR(80) NOT NULL, 
	name VARCHAR(200) NOT NULL, 
	name_en VARCHAR(200) NOT NULL, 
	status VARCHAR(12) NOT NULL, 
	candidate_role VARCHAR(40) NOT NULL, 
	candidate_unit_id CHAR(32), 
	region_code VARCHAR(6) NOT NULL, 
	unit_id CHAR(32), 
	initiator_id CHAR(32), 
	assignee_id CHAR(32), 
	form_name VARCHAR(120), 
	form_digest VARCHAR(64), 
	prefill TEXT NOT NULL, 
	clauses TEXT NOT NULL, 
	differs_from TEXT NOT NULL, 
	excluded_persons TEXT NOT NULL, 
	withdrawable BOOLEAN NOT NULL, 
	stand_in VARCHAR(40), 
	opened_at DATETIME NOT NULL, 
	claimed_at DATETIME, 
	due_at DATETIME, 
	sort_at DATETIME NOT NULL, 
	completed_at DATETIME, 
	completed_by CHAR(32), 
	outcome VARCHAR(80), 
	opinion TEXT, 
	snapshot_digest VARCHAR(64), 
	has_draft BOOLEAN NOT NULL, 
	revision INTEGER NOT NULL, 
	CONSTRAINT pk_user_task PRIMARY KEY (id), 
	CONSTRAINT fk_user_task_instance_id_process_instance FOREIGN KEY(instance_id) REFERENCES process_instance (id) ON DELETE RESTRICT, 
	CONSTRAINT uq_user_task_instance_id_activity_id UNIQUE (instance_id, activity_id)
);
INSERT INTO "user_task" VALUES('01a205315d9673bfa6d3d984ac614cec','01a205315d947202a5d0ba1629acae62','3','fill_in','review-process','review-process','fill_in（中）','fill_in','open','releasing_unit',NULL,'990200',NULL,'0199a000000070008000000000000004',NULL,NULL,NULL,'{}','["9.1a"]','[]','',0,NULL,'2026-11-23 01:00:00.000000',NULL,NULL,'9999-01-01 00:00:00.000000',NULL,NULL,NULL,NULL,NULL,0,0);
INSERT INTO "user_task" VALUES('01a205315d9c7128ba21ac9ec1ae9964','01a205315d9c71238f8a5b6887e478fd','3','fill_in','review-process','review-process','fill_in（中）','fill_in','completed','releasing_unit',NULL,'990200',NULL,'0199a000000070008000000000000004','0199a000000070008000000000000004',NULL,NULL,'{}','["9.1a"]','[]','',0,NULL,'2026-11-23 01:00:00.000000','2026-11-23 01:00:00.000000',NULL,'9999-01-01 00:00:00.000000','2026-11-23 01:00:00.000000','0199a000000070008000000000000004',NULL,NULL,'a714dde47458dfc16ce5fd7da4af6f176b9b0c5dd3f4300fc3ac65230d78658a',0,1);
INSERT INTO "user_task" VALUES('01a205315db1711aac4efbee39b24afa','01a205315d9c71238f8a5b6887e478fd','5','review','review-process','review-process','review（中）','review','claimed','reviewer',NULL,'990200',NULL,'0199a000000070008000000000000004','0199a000000070008000000000000005','review.json','e02e6ddd1246315e98fb840add16d86eb5e70630ac38034e0380265f0b17ba41','{}','["9.1a"]','["fill_in"]','0199a000000070008000000000000004',0,NULL,'2026-11-23 01:00:00.000000','2026-11-23 01:00:00.000000',NULL,'9999-01-01 00:00:00.000000',NULL,NULL,NULL,NULL,NULL,1,1);
INSERT INTO "user_task" VALUES('01a205315dc4709dbcf64bb9f8ec5074','01a205315dc3709ca479508bb612c9e9','3','review','single','single','review（中）','review','open','reviewer',NULL,'990200',NULL,'0199a000000070008000000000000004',NULL,'review.json','e02e6ddd1246315e98fb840add16d86eb5e70630ac38034e0380265f0b17ba41','{}','["9.1a"]','[]','',0,NULL,'2026-11-23 01:00:00.000000',NULL,'2026-11-28 16:00:00.000000','2026-11-28 16:00:00.000000',NULL,NULL,NULL,NULL,NULL,0,0);
INSERT INTO "user_task" VALUES('01a205315dca73a48a8aef9a78946980','01a205315dc971c195eec75fe2d96321','4','first','parallel','parallel','first（中）','first','completed','reviewer',NULL,'990200',NULL,'0199a000000070008000000000000004','0199a000000070008000000000000005',NULL,NULL,'{}','["9.1a"]','[]','',0,NULL,'2026-11-23 01:00:00.000000','2026-11-23 01:00:00.000000',NULL,'9999-01-01 00:00:00.000000','2026-11-23 01:00:00.000000','0199a000000070008000000000000005',NULL,NULL,'a714dde47458dfc16ce5fd7da4af6f176b9b0c5dd3f4300fc3ac65230d78658a',0,1);
INSERT INTO "user_task" VALUES('01a205315dca73a6b5bdc2764aa6e4a3','01a205315dc971c195eec75fe2d96321','5','second','parallel','parallel','second（中）','second','open','operator',NULL,'990200',NULL,'0199a000000070008000000000000004',NULL,NULL,NULL,'{}','["9.1a"]','[]','',0,NULL,'2026-11-23 01:00:00.000000',NULL,NULL,'9999-01-01 00:00:00.000000',NULL,NULL,NULL,NULL,NULL,0,0);
INSERT INTO "user_task" VALUES('01a205315dd87110a94f1b74d7db8d83','01a205315dd77148b2cfe3ddd16955ea','3','answer','timeout','timeout','answer（中）','answer','open','provider',NULL,'990200',NULL,'0199a000000070008000000000000004',NULL,NULL,NULL,'{}','["9.1a"]','[]','',0,NULL,'2026-11-23 01:00:00.000000',NULL,NULL,'9999-01-01 00:00:00.000000',NULL,NULL,NULL,NULL,NULL,0,0);
INSERT INTO "user_task" VALUES('01a205315ddf714fbff27dcafcef73d1','01a205315dde7272b4070d055d45ac02','6','review','single','caller','review（中）','review','open','reviewer',NULL,'990200',NULL,'0199a000000070008000000000000004',NULL,'review.json','e02e6ddd1246315e98fb840add16d86eb5e70630ac38034e0380265f0b17ba41','{}','["9.1a"]','[]','',0,NULL,'2026-11-23 01:00:00.000000',NULL,'2026-11-28 16:00:00.000000','2026-11-28 16:00:00.000000',NULL,NULL,NULL,NULL,NULL,0,0);
INSERT INTO "user_task" VALUES('01a205315de471ab9d262f634a801949','01a205315de3700094745c34676cece8','3','prepare','creation','creation','prepare（中）','prepare','open','releasing_unit',NULL,'990200',NULL,'0199a000000070008000000000000004',NULL,NULL,NULL,'{}','["9.1a"]','[]','',0,NULL,'2026-11-23 01:00:00.000000',NULL,NULL,'9999-01-01 00:00:00.000000',NULL,NULL,NULL,NULL,NULL,0,0);
CREATE TABLE user_task_draft (
	task_id CHAR(32) NOT NULL, 
	person_id CHAR(32) NOT NULL, 
	data TEXT NOT NULL, 
	saved_at DATETIME NOT NULL, 
	CONSTRAINT pk_user_task_draft PRIMARY KEY (task_id, person_id), 
	CONSTRAINT fk_user_task_draft_task_id_user_task FOREIGN KEY(task_id) REFERENCES user_task (id) ON DELETE CASCADE
);
INSERT INTO "user_task_draft" VALUES('01a205315db1711aac4efbee39b24afa','0199a000000070008000000000000005','{"outcome":"agree","opinion":"写了一半"}','2026-11-23 01:00:00.000000');
CREATE INDEX ix_audit_event_instance_id_id ON audit_event (instance_id, id);
CREATE INDEX ix_audit_event_subject_id_id ON audit_event (subject_id, id);
CREATE INDEX ix_audit_event_actor_id_id ON audit_event (actor_id, id);
CREATE INDEX ix_audit_event_action_id ON audit_event (action, id);
CREATE INDEX ix_audit_event_occurred_at ON audit_event (occurred_at);
CREATE INDEX ix_stored_file_digest ON stored_file (digest);
CREATE TRIGGER audit_event_refuses_update BEFORE UPDATE ON audit_event BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
CREATE TRIGGER audit_event_refuses_delete BEFORE DELETE ON audit_event BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
CREATE INDEX ix_definition_version_key_digest ON definition_version ("key", digest);
CREATE INDEX ix_definition_draft_key ON definition_draft ("key");
CREATE INDEX ix_definition_draft_released_version_id ON definition_draft (released_version_id);
CREATE INDEX ix_definition_draft_status_changed_at ON definition_draft (status, changed_at);
CREATE INDEX ix_definition_file_digest ON definition_file (digest);
CREATE INDEX ix_event_start_key ON event_start ("key");
CREATE INDEX ix_event_start_kind_name ON event_start (kind, name);
CREATE INDEX ix_event_start_version_id ON event_start (version_id);
CREATE INDEX ix_process_instance_business_key_id ON process_instance (business_key, id);
CREATE INDEX ix_process_instance_definition_key_status_id ON process_instance (definition_key, status, id);
CREATE INDEX ix_process_instance_definition_version_id ON process_instance (definition_version_id);
CREATE INDEX ix_process_instance_initiator_id_id ON process_instance (initiator_id, id);
CREATE INDEX ix_process_instance_region_code_id ON process_instance (region_code, id);
CREATE INDEX ix_process_instance_started_at ON process_instance (started_at);
CREATE INDEX ix_process_instance_subject_id_id ON process_instance (subject_id, id);
CREATE INDEX ix_event_subscription_event ON event_subscription (kind, name, correlation_key);
CREATE INDEX ix_instance_history_instance_id_id ON instance_history (instance_id, id);
CREATE INDEX ix_job_instance_id_reference ON job (instance_id, reference);
CREATE INDEX ix_job_status_run_at ON job (status, run_at);
CREATE INDEX ix_job_version_id ON job (version_id);
CREATE INDEX ix_user_task_assignee ON user_task (assignee_id, status, sort_at, id);
CREATE INDEX ix_user_task_candidate ON user_task (candidate_role, status, sort_at, id);
CREATE INDEX ix_user_task_completed_by ON user_task (completed_by, completed_at, id);
CREATE INDEX ix_user_task_initiator ON user_task (initiator_id, status, sort_at, id);
CREATE INDEX ix_incident_instance_id_status ON incident (instance_id, status);
CREATE INDEX ix_incident_job_id ON incident (job_id);
CREATE INDEX ix_incident_status_region_code_id ON incident (status, region_code, id);
CREATE INDEX ix_unit_region_code_kind ON unit (region_code, kind);
CREATE INDEX ix_person_name_id ON person (name, id);
CREATE INDEX ix_person_unit_id ON person (unit_id);
CREATE INDEX ix_identity_person_id ON identity (person_id);
CREATE INDEX ix_former_password_identity_id ON former_password (identity_id);
CREATE INDEX ix_role_grant_role_status ON role_grant (role, status);
CREATE INDEX ix_role_grant_status_id ON role_grant (status, id);
CREATE INDEX ix_component_region_code_id ON component (region_code, id);
CREATE INDEX ix_component_unit_id ON component (unit_id);
CREATE INDEX ix_catalogue_claim_component_id ON catalogue_claim (component_id);
CREATE INDEX ix_component_bigram_component_id ON component_bigram (component_id);
CREATE INDEX ix_component_version_provider_unit_id_id ON component_version (provider_unit_id, id);
CREATE INDEX ix_component_version_record_digest ON component_version (record_digest);
CREATE INDEX ix_component_version_region_code_id ON component_version (region_code, id);
CREATE INDEX ix_component_version_offered_unit_id_id ON component_version (offered_unit_id, id);
CREATE INDEX ix_component_version_state_id ON component_version (state, id);
CREATE INDEX ix_component_version_unit_id_id ON component_version (unit_id, id);
CREATE INDEX ix_attachment_stored_file_id ON attachment (stored_file_id);
CREATE INDEX ix_authorisation_provider_unit_id ON authorisation (provider_unit_id);
CREATE INDEX ix_authorisation_version_id_id ON authorisation (version_id, id);
CREATE INDEX ix_check_run_instance_id ON check_run (instance_id);
CREATE INDEX ix_check_run_version_id_id ON check_run (version_id, id);
CREATE INDEX ix_recorded_route_component_id ON recorded_route (component_id);
CREATE INDEX ix_recorded_route_version_id_id ON recorded_route (version_id, id);
CREATE INDEX ix_market_entry_component_id ON market_entry (component_id);
CREATE INDEX ix_market_entry_is_visible_id ON market_entry (is_visible, id);
CREATE INDEX ix_market_entry_region_code ON market_entry (region_code);
CREATE INDEX ix_market_bigram_entry_id ON market_bigram (entry_id);
CREATE INDEX ix_notice_person_id_id ON notice (person_id, id);
CREATE INDEX ix_notice_role_region_code_id ON notice (role, region_code, id);
CREATE INDEX ix_notice_subject_id ON notice (subject_id);
CREATE INDEX ix_notice_read_notice_id ON notice_read (notice_id);
CREATE INDEX ix_idempotent_request_answered_at ON idempotent_request (answered_at);
COMMIT;
