// What came of creations. The key of one that is over is used again.
UNWIND $receipts AS receipt
MERGE (n:Receipt {key: receipt.key})
SET n = receipt
