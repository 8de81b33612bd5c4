"""What the planted artefacts hold: secrets that open nothing, in the form that the rules look for.

The values are put together from pieces, so that this file itself holds none of them.
"""

from __future__ import annotations

from typing import Final

ALIYUN_ID: Final = "LTAI" + "5tQnVb7XcR2mKzPw9LhYdE3s"
ALIYUN_SECRET: Final = "q8Zt" + "Yw3RkLmX5vNcB7hJdF2gPsA9eU"
TENCENT_ID: Final = "AKID" + "z8krbsJ5yKBZQpn74WFkmLPx3EXAMPL"
HUAWEI_SECRET: Final = "Xy7K" + "pQ2mVn9RbT4wLs8ZcH3dGf6JkA1eUoYiPrN5"
DATABASE_PASSWORD: Final = "Gz#8k" + "PvQ2mLx"
TOKEN: Final = (
    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9"
    + ".eyJzdWIiOiJub3RpY2Utc2VydmljZSIsInNjb3BlIjoiYWxsIn0"
    + ".Qm9vdHN0cmFwU2VjcmV0Rm9yVGVzdHNPbmx5MTIzNDU2"
)
DSN: Final = "mysql://notice:" + "Tr0ub4dor9x@10.2.3.4:3306/notice"
_KEY_LINES: Final = (
    "MIIEpAIBAAKCAQEAx3k9Qp7vN1bT5wLs8ZcH3dGf6JkA1eUoYiPrN5Xy7KpQ2mVn",
    "9RbT4wLs8ZcH3dGf6JkA1eUoYiPrN5Xy7KpQ2mVn9RbT4wLs8ZcH3dGf6JkA1eUo",
    "YiPrN5Xy7KpQ2mVn9RbT4wLs8ZcH3dGf6JkA1eUoYiPrN5Xy7KpQ2mVn9RbT4wLs",
)
PRIVATE_KEY: Final = "\n".join(
    ("-----BEGIN RSA " + "PRIVATE KEY-----", *_KEY_LINES, "-----END RSA " + "PRIVATE KEY-----", "")
)
SECRETS: Final = (
    ALIYUN_ID,
    ALIYUN_SECRET,
    TENCENT_ID,
    HUAWEI_SECRET,
    DATABASE_PASSWORD,
    TOKEN,
    "Tr0ub4dor9x",
    *_KEY_LINES,
)

CLEAN_YAML: Final = """\
spring:
  datasource:
    url: ${DB_URL}
    username: ${DB_USER}
    password: ${DB_PASSWORD}
"""
PLANTED_YAML: Final = f"""\
spring:
  datasource:
    url: jdbc:mysql://10.2.3.4:3306/notice
    username: notice
    password: {DATABASE_PASSWORD}
aliyun:
  accessKeyId: {ALIYUN_ID}
  accessKeySecret: {ALIYUN_SECRET}
"""
PLANTED_PROPERTIES: Final = f"""\
tencent.secretId={TENCENT_ID}
huawei.sk={HUAWEI_SECRET}
queue.url={DSN}
service.token={TOKEN}
"""
