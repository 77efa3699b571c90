#!/bin/sh -e
# Documentation keys, published: never use them.
ip link add vti0 type vti local 203.0.113.2 remote 203.0.113.1 key 42
ip address add 172.16.2.1 peer 172.16.1.1/32 dev vti0
ip link set vti0 mtu 1400 up
sysctl -w net.ipv4.conf.vti0.disable_policy=1

ip xfrm state add src 203.0.113.1 dst 203.0.113.2 proto esp spi 0x5001 mode tunnel reqid 42 mark 42 \
  enc 'cbc(aes)' 0xa5128487c7862313dd2f87c59e0018cdde45fe7f87e8262c2edc78e680ae86e9 \
  auth-trunc 'hmac(sha256)' 0xf2346e45d6c8b803de09a3314def26bebd57ae9a9114ab6ca8941428e53b1906 128
ip xfrm state add src 203.0.113.2 dst 203.0.113.1 proto esp spi 0x5002 mode tunnel reqid 42 mark 42 \
  enc 'cbc(aes)' 0x0f50aacd20e6908a60e26c663b7f3f10cbea1540fd580ae96d6f07535f8aa77b \
  auth-trunc 'hmac(sha256)' 0x34d4199dc1a5b2f638cac72c8b61fe2d4d5586b5bc9638dc64de9caa420d74b0 128

ip xfrm policy add dir out mark 42 tmpl src 203.0.113.2 dst 203.0.113.1 proto esp reqid 42 mode tunnel
ip xfrm policy add dir in mark 42 tmpl src 203.0.113.1 dst 203.0.113.2 proto esp reqid 42 mode tunnel
ip xfrm policy add dir fwd mark 42 tmpl src 203.0.113.1 dst 203.0.113.2 proto esp reqid 42 mode tunnel

ip route add 192.168.1.0/24 dev vti0
