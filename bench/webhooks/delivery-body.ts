/** A delivery as Push sends it, made up. */

/** Its bytes. The description is when it was made, in milliseconds: whoever hears of it reads from it how late that is. */
export const bodyOf = (id: string, index: number, timestamp: number): Buffer =>
  Buffer.from(
    JSON.stringify({
      version: '1',
      id,
      timestamp,
      object: 'LOGIN',
      category: 'ACTIVITY',
      friendlyName: 'Login',
      description: String(performance.timeOrigin + performance.now()),
      new: {
        employeeId: `employee ${index % 5_000}`,
        email: `person${index % 5_000}@department${index % 20}.example`,
        sourceIpAddress: '203.0.113.7',
        loginUrl: 'https://login.example/',
        userAgent: 'Mozilla/5.0 '.repeat(20),
      },
    }),
  )
