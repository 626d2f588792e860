"""The phone and the mailbox of `make demo`: a carrier and a mail server in small, on this machine and in memory only.

They speak what real ones speak: SMPP 3.4 (server side), SMTP and LMTP. Nothing here sends anything to the world, and
nothing outside `helpline demo` starts it: without that process its pages answer 404.
"""
