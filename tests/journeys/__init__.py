"""Every process on its pages, from its start to each of its ends.

People of the demonstration act with nothing but what a page offers: links, fields and buttons. The same
journeys are made by readers of the plain HTML and, with ``ZUJIAN_TEST_JOURNEYS=browser``, in a real Chromium;
with ``ZUJIAN_TEST_JOURNEYS_ON=postgresql`` on a PostgreSQL server. One of them surfs whatever is asked for.
"""
