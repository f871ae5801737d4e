-- kind and witness are among those that the dictionary names
SELECT doc_id, raw_start, kind, witness FROM removals
WHERE kind NOT IN ('licence', 'copyright', 'credit', 'promo', 'header', 'repair')
   OR witness NOT IN ('rule', 'repeated', 'both')
