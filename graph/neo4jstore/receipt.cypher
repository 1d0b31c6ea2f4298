OPTIONAL MATCH (n:Receipt {key: $key})
RETURN n {.*} AS answer
